"""Who may ask: token, Host and proxies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hmac import compare_digest

from ...declared import settings
from ...http.messages import Request
from ..responses.problem import Problem, Refused, malformed

TOKEN_HEADER = "X-Aws-Parameters-Secrets-Token"  # noqa: S105 - a name, not a token
_TOKEN_FIELD = TOKEN_HEADER.lower()
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# https://www.w3.org/TR/fetch-metadata/: by the user's own hand, or by a page from here
_OWN_SITE = ("none", "same-origin")
_FORWARDED = ("x-forwarded-for", "forwarded", "via")


def check_sender(request: Request) -> None:
    """Keep out what a web page or a proxy was tricked into sending (DNS rebinding, SSRF).

    Raises:
        Refused: its Host is not loopback's, somebody has forwarded it, or a page has sent it.
    """
    hosts = [value for name, value in request.headers if name == "host"]
    if len(hosts) > 1 or (not hosts and request.version == "HTTP/1.1"):
        detail = "there twice" if hosts else "missing"
        raise malformed(f"the Host header is {detail} (RFC 9112 §3.2)")
    for host in hosts:
        check_host(host, "the Host header")
    if any(name in request.fields for name in _FORWARDED):
        raise Refused(
            Problem(403, "forwarded", "forwarded requests are refused", "ask without a proxy")
        )
    site = request.fields.get("sec-fetch-site")
    if "origin" in request.fields or site not in (None, *_OWN_SITE):
        detail = "requests of web pages are refused"
        raise Refused(Problem(403, "cross-site", detail, "ask from the function's own code"))


def check_host(host: str, where: str) -> None:
    """Check that a host, with or without a port (be it empty: RFC 3986 §3.2.3), is loopback's.

    Args:
        host: the host.
        where: what names it, for the message.

    Raises:
        Refused: it is not.
    """
    name, _, port = host.rpartition(":")
    if (name if port.isdecimal() or not port else host).lower() not in _LOOPBACK:
        raise Refused(Problem(403, "host", f"{where} names {host[:64]!r}", "ask 127.0.0.1"))


def check_token(request: Request, tokens: Callable[[], Iterable[str]]) -> None:
    """Refuse a request that does not show the token.

    Args:
        request: the request.
        tokens: gives the tokens that are accepted now.

    Raises:
        Refused: it shows none of them.
    """
    if not has_token(request, tokens):
        detail = f"the header {TOKEN_HEADER} is {'wrong' if _given(request) else 'missing'}"
        names = ", ".join(settings.TOKENS)
        hint = f"send the value of {names}, whichever is set, or what is in WARMKEY_TOKEN_FILE"
        raise Refused(Problem(403, "token", detail, hint))


def has_token(request: Request, tokens: Callable[[], Iterable[str]]) -> bool:
    """Whether a request shows a token that is accepted, compared with each in constant time.

    Args:
        request: the request.
        tokens: gives the tokens that are accepted now.
    """
    given = _given(request)
    if not given:
        return False
    equal = [compare_digest(given, _bytes(token)) for token in tokens() if token]
    return any(equal)  # of all, so that no time tells which it was


def _given(request: Request) -> bytes:
    return request.fields.get(_TOKEN_FIELD, "").encode("latin-1")


def _bytes(token: str) -> bytes:
    """A token as a header holds it; one that none can hold is nobody's."""
    try:
        return token.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return b""
