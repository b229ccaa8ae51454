"""`settings.parse`: any environment is settings or a SettingError, and tells no secret."""

import os

from extension.declared import settings
from extension.declared.environment.variables import SettingError, unknown
from tests.fuzz.target import CANARY, Target, assert_untold

_HELD = dict.fromkeys(
    (*settings.TOKENS, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "STRIPE_KEY"), CANARY
)


def attempt(data: bytes) -> None:
    """Read settings from lines of NAME=VALUE, beside tokens and keys."""
    if CANARY.encode() in data:
        return
    pairs = (line.partition(b"=") for line in data.split(b"\n"))
    given = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs if name}
    environ = {"AWS_REGION": "eu-west-1", **given, **_HELD}
    try:
        found = settings.parse(environ)
        assert 0 < settings.port(environ) < 65536
    except SettingError as error:
        _check_text(str(error))
        _with_password(environ)
        return
    _check_ranges(found)
    _check_text(repr(found))
    if len(unknown(environ, found.known)) < 3:  # each costs a search for the nearest name
        for text in found.warnings:
            _check_text(text)
    assert settings.parse(environ) == found
    assert set(found.tokens) == {CANARY}


def _check_text(text: str) -> None:
    assert_untold(text)
    text.encode("utf-8", "surrogateescape")


def _check_ranges(found: settings.Settings) -> None:
    for service in found.services.values():
        assert service.ttl >= 0
        assert service.timeout >= 0.05
        assert 0 < service.address.port < 65536
    assert found.cache_size >= 0
    assert found.max_connections >= 1
    assert 0 <= found.stale_if_error <= 604800
    assert 0 <= found.negative_ttl <= 300
    assert 0.1 <= found.prefetch_timeout <= 60
    assert found.log_level in settings.LEVELS


def _with_password(environ: dict[str, str]) -> None:
    """A password in front of an endpoint's host is told in no error."""
    for name, value in environ.items():
        scheme, separator, rest = value.partition("://")
        if name.startswith("AWS_ENDPOINT_URL") and separator:
            try:
                settings.parse({**environ, name: f"{scheme}://user:{CANARY}@{rest}"})
            except SettingError as error:
                assert_untold(str(error))


TARGET = Target(
    "environments",
    attempt,
    [
        *(f"WARMKEY_{name}=" for name in ("PORT", "TTL", "CACHE_SIZE", "REQUIRED", "ALLOW")),
        *("WARMKEY_UPSTREAM_TIMEOUT_MILLIS=", "WARMKEY_MAX_CONNECTIONS=", "WARMKEY_LOG_LEVEL="),
        *("WARMKEY_PREFETCH_TIMEOUT_MILLIS=", "WARMKEY_STALE_IF_ERROR=", "WARMKEY_NEGATIVE_TTL="),
        *("PARAMETERS_SECRETS_EXTENSION_", "PARAMETERS_AND_SECRETS_EXTENSION_", "HTTP_PORT="),
        *("SSM_PARAMETER_STORE_TTL=", "SECRETS_MANAGER_TIMEOUT_MILLIS=", "CACHE_ENABLED="),
        *("AWS_ENDPOINT_URL=http://", "AWS_ENDPOINT_URL_SSM=https://", "AWS_REGION=", "\n"),
        *("true", "declared", "debug", "604800", "65535", "warmkey:/a", "WARMKEY_TOKEN_FILE="),
    ],
)
