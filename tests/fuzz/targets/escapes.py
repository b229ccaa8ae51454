"""Percent-encoding in a request's target: as RFC 3986 has it, and nothing else."""

from urllib.parse import quote, unquote_to_bytes

from extension.endpoint.requests import routes
from extension.endpoint.responses.problem import Refused
from tests.fuzz.target import Target

_LONGEST = 256  # bytes: encoded they are longer, and a head has a limit
_HEAD = "GET /v1/secrets/{} HTTP/1.1\r\nHost: localhost\r\nX-Aws-Parameters-Secrets-Token: t"


def attempt(data: bytes) -> None:
    """Ask for an alias that was encoded properly, and for the same text as it is."""
    text = data[:_LONGEST].decode("utf-8", "replace")
    if text:
        assert _alias(quote(text)) == text
        assert _alias(quote(text, safe="")) == text
    given = data.decode("latin-1")
    alias = _alias(given) if given and " " not in given and "?" not in given else None
    if alias is not None:
        assert alias == unquote_to_bytes(data).decode()


def _alias(target: str) -> str | None:
    try:
        query = routes.route(_HEAD.format(target).encode("latin-1"), lambda: ("t",))
    except Refused:
        return None
    return query.alias if isinstance(query, routes.ReadSecret) else ""


TARGET = Target(
    "escapes",
    attempt,
    ["%", "%2F", "%25", "%00", "%C3%A9", "%F0%9F%98%80", "%80"],
    longest=_LONGEST,
)
