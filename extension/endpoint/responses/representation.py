"""How secrets look in the endpoint's responses."""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ...cache.entry import Entry
from ...http import json_text
from ...http.messages import Headers, Response
from ...sources.responses.outcome import Found

_TAG = 16  # bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that can be answered.

    Attributes:
        alias: its alias.
        value: the value, or the field of it that the alias stands for.
        found: where it came from.
        entry: what the cache holds of it.
    """

    alias: str
    value: str | bytes = field(repr=False)
    found: Found = field(repr=False)
    entry: Entry = field(repr=False)


def tagged(response: Response, if_none_match: str, key: bytes) -> Response:
    """A value's response with its ETag, or 304 where the client holds the same (RFC 9110 §13.1.2).

    A tag is made of the bytes, by a key, so that it is equal for equal bytes alone, and tells
    nobody who sees no more of a response anything of a value.

    Args:
        response: the response, without a tag.
        if_none_match: the header of that name; maybe empty.
        key: what tags are made by; another one makes other tags.
    """
    if response.status != 200:
        return response
    tag = f'"{hmac.digest(key, response.body, "sha256")[:_TAG].hex()}"'
    if not _matches(tag, if_none_match):
        return Response(200, (("ETag", tag), *response.headers), response.body)
    headers = ((name, value) for name, value in response.headers if name != "Content-Type")
    return Response(304, (("ETag", tag), *headers))


def unstored(response: Response) -> Response:
    """A value's response that nobody is to store, as it is not stored here either."""
    headers = (
        (name, "no-store" if name == "Cache-Control" else value) for name, value in response.headers
    )
    return Response(response.status, tuple(headers), response.body)


def bare(secret: Secret, now: float) -> Response:
    """The value itself."""
    headers = cache_headers(secret.entry, now)
    if isinstance(secret.value, bytes):
        return Response(200, (("Content-Type", "application/octet-stream"), *headers), secret.value)
    content_type = ("Content-Type", "text/plain; charset=utf-8")
    return Response(200, (content_type, *headers), secret.value.encode())


def as_json(secret: Secret, now: float) -> Response:
    """The value and everything about it."""
    body = {
        "alias": secret.alias,
        "name": secret.found.name,
        "value" if isinstance(secret.value, str) else "valueBase64": _text(secret.value),
        "version": secret.found.version,
        "type": secret.found.type,
        "arn": secret.found.arn,
        "fetchedAt": iso8601(secret.entry.fetched_at),
        "expiresAt": iso8601(secret.entry.expires_at),
    }
    headers = (("Content-Type", "application/json"), *cache_headers(secret.entry, now))
    return Response(200, headers, json_text.encode(body).encode())


def iso8601(seconds: float) -> str:
    """A moment as ISO 8601 with milliseconds, in UTC.

    Args:
        seconds: since the epoch.
    """
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cache_headers(entry: Entry, now: float) -> Headers:
    """The headers that let a client cache (RFC 9111): a value's whole lifetime, and its age.

    Args:
        entry: what the cache holds.
        now: the time, in seconds since the epoch.
    """
    return (
        ("Age", str(int(entry.age(now)))),
        ("Cache-Control", f"private, max-age={int(entry.expires_at - entry.fetched_at)}"),
        ("Warmkey-State", entry.state.value),
    )


def base64(value: bytes) -> str:
    """Bytes in base64 (RFC 4648 §4), on one line."""
    return b2a_base64(value, newline=False).decode()


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else base64(value)


def _matches(etag: str, if_none_match: str) -> bool:
    """RFC 9110 §13.1.2, with the weak comparison that it asks for."""
    held = (item.strip().removeprefix("W/") for item in if_none_match.split(","))
    return bool(if_none_match) and any(item in ("*", etag) for item in held)
