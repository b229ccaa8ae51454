"""The settings of TLS, made anew or ready since the layer was built."""

import ssl

import pytest

from extension.http.client import tls
from extension.http.client.tls import prepare, verifying_context


def settings(context: ssl.SSLContext) -> tuple[object, ...]:
    """What decides whom a context trusts, and how it speaks."""
    ciphers = [cipher["name"] for cipher in context.get_ciphers()]
    verification = (context.verify_mode, context.check_hostname, context.verify_flags)
    names = context.hostname_checks_common_name
    return ciphers, verification, names, context.minimum_version, context.options


def test_a_prepared_context_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes next, and may trust others, gets one of its own."""
    monkeypatch.setattr(tls, "_PREPARED", [])
    prepare()
    (prepared,) = tls._PREPARED
    assert prepared.get_ca_certs() == []
    assert verifying_context(None) is prepared
    assert verifying_context(None) is not prepared


def test_a_prepared_context_is_as_strict_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made in the same way."""
    monkeypatch.setattr(tls, "_PREPARED", [])
    prepare()
    first, second = verifying_context(None), verifying_context(None)
    assert settings(first) == settings(second)
    assert first.verify_mode == ssl.CERT_REQUIRED
