"""Percent-encoding (RFC 3986 §2.1)."""

from __future__ import annotations

_HEX = frozenset("0123456789abcdefABCDEF")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ENCODED = tuple(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256))


class NotPercentEncoded(ValueError):
    """A text is not percent-encoded; the message says how."""


def encode(data: bytes) -> str:
    """Bytes as text, in which only letters, digits, `-`, `.`, `_` and `~` stand as they are."""
    return "".join([_ENCODED[byte] for byte in data])


def decode(text: str, encoding: str = "utf-8") -> str:
    """The text that is encoded.

    Args:
        text: the encoded text.
        encoding: what makes bytes of the characters that stand as they are.

    Raises:
        NotPercentEncoded: a `%` is not followed by two hex digits, or the bytes are no UTF-8.
    """
    if "%" not in text and text.isascii():
        return text
    first, *others = text.split("%")
    try:
        decoded = first.encode(encoding)
        for part in others:
            if len(part) < 2 or not _HEX.issuperset(part[:2]):
                raise NotPercentEncoded("has a % that is not followed by two hex digits")
            decoded += bytes((int(part[:2], 16),)) + part[2:].encode(encoding)
        return decoded.decode()
    except UnicodeError:
        raise NotPercentEncoded("is not percent-encoded UTF-8") from None
