"""Digests, against the standard library's."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.digest import hex_sha256, hmac_sha256


@given(st.binary(max_size=300))
def test_a_digest_is_sha_256(data: bytes) -> None:
    """Of any bytes."""
    assert hex_sha256(data) == hashlib.sha256(data).hexdigest()


@given(st.binary(max_size=200), st.binary(max_size=300))
def test_an_authenticator_is_hmac_sha_256(key: bytes, message: bytes) -> None:
    """With a key of any length."""
    assert hmac_sha256(key, message) == hmac.digest(key, message, "sha256")


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 128, 1000])
def test_a_key_may_be_as_long_as_a_block_or_longer(length: int) -> None:
    """A longer one is digested first (RFC 2104 §2)."""
    key = bytes(range(256)) * 4
    assert hmac_sha256(key[:length], b"data") == hmac.digest(key[:length], b"data", "sha256")
