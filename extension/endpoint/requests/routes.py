"""The local API: from a request's head to the query that it makes.

Who asks for what there isn't is refused here, and who may not ask is by `access`. Nothing here does
I/O, so the same bytes always make the same query while the accepted tokens stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from ...http.messages import LONGEST_HEAD, MalformedMessage, Request, parse_request
from ..responses.problem import Problem, Refused, malformed
from . import access, aws_api
from .aws_api import Pairs
from .query_string import decoded, decoded_pairs, take

SECRETS = "/v1/secrets"
PATHS = (
    SECRETS,
    SECRETS + "/ALIAS",
    aws_api.PARAMETERS,
    aws_api.SECRETS,
    "/v1/status",
    "/ping",
)
"""Every path; AWS's two may have a slash at their end. `layer/openapi.yaml` describes them."""

_DIGITS = 9  # more than there are in any length that is taken


@dataclass(frozen=True, slots=True)
class ReadSecret:
    """Read one declared secret.

    Attributes:
        alias: its alias.
        as_json: with everything about it, rather than the bare value.
        refresh: from upstream, whatever is held.
        if_none_match: the ETags that the client holds; maybe empty.
        keep_alive: whether the connection lives on.
    """

    authenticated: ClassVar[bool] = True
    alias: str
    as_json: bool
    refresh: bool
    if_none_match: str
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class ReadAll:
    """Read every declared secret, as `json`, `dotenv` or `shell`."""

    authenticated: ClassVar[bool] = True
    form: str
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """Read what the daemon says of itself; all of it if the token was shown."""

    keep_alive: bool
    authenticated: bool


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask whether anybody is there."""

    keep_alive: bool
    authenticated: bool


# What each request asks for; `authenticated` says whether it has shown the token.
Query = ReadSecret | ReadAll | aws_api.ReadSource | ReadStatus | Ping


def route(head: bytes, tokens: Callable[[], Iterable[str]]) -> Query:
    """The query of a request.

    Args:
        head: the request's head, without the empty line that ends it.
        tokens: gives the tokens that are accepted now.

    Raises:
        Refused: the request is malformed, not allowed, or asks for what there isn't.
    """
    if len(head) > LONGEST_HEAD:
        raise _too_long(head)
    try:
        request = parse_request(head)
    except MalformedMessage as error:
        raise malformed(str(error)) from None
    access.check_sender(request)
    _check_method(request)
    path, _, query = _origin_form(request.target).partition("?")
    is_native = path == SECRETS or path.startswith(SECRETS + "/")
    is_aws = not is_native and aws_api.is_aws_path(path)
    has_body = _has_body(request, allowed=is_aws)
    pairs = decoded_pairs(query) if query else []
    keep_alive = _keeps_alive(request) and not has_body  # the connection's end skips it
    if path == "/ping":
        take(pairs, {})
        return Ping(keep_alive, access.has_token(request, tokens))
    if path == "/v1/status":
        take(pairs, {})
        return ReadStatus(keep_alive, access.has_token(request, tokens))
    if not (is_native or is_aws):
        raise _no_such_path(path)
    access.check_token(request, tokens)
    held = request.fields.get("if-none-match", "")
    if is_aws:
        return aws_api.query(path, pairs, held, keep_alive=keep_alive)
    return _native(path, pairs, held, keep_alive)


def _native(path: str, pairs: Pairs, if_none_match: str, keep_alive: bool) -> ReadSecret | ReadAll:
    alias = decoded(path[len(SECRETS) + 1 :])
    if not alias:
        form = take(pairs, {"format": ("json", "dotenv", "shell")})["format"]
        return ReadAll(form, keep_alive)
    options = take(pairs, {"format": ("text", "json"), "refresh": ("false", "true")})
    return ReadSecret(
        alias,
        as_json=options["format"] == "json",
        refresh=options["refresh"] == "true",
        if_none_match=if_none_match,
        keep_alive=keep_alive,
    )


def _origin_form(target: str) -> str:
    """The path and query of a target, which may be in absolute form (RFC 9112 §3.2.2).

    A server has to take that form; clients send it to what they hold for a proxy. One that names
    loopback in it can mean nobody but us. One that names another host wants us to forward it, and
    is refused. The Host header is checked too, though the target's name is the one that counts: a
    client has to send the same in both, so where they differ somebody has changed one.
    """
    if target.startswith("/"):
        return target
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() != "http":
        raise malformed("the request target must begin with / or with http://")
    authority = rest.partition("/")[0].partition("?")[0]
    access.check_host(authority, "the request target")
    return rest[len(authority) :]


def _check_method(request: Request) -> None:
    if request.method != "GET":
        detail = f"{request.method[:16]} is not allowed; every request is a GET"
        raise Refused(Problem(405, "method", detail, headers=(("Allow", "GET"),)))


def _has_body(request: Request, *, allowed: bool) -> bool:
    """Whether a request has a body.

    Args:
        request: the request.
        allowed: whether it may have a short one, which is ignored: some clients send one.

    Raises:
        Refused: it may not.
    """
    coding, length = request.fields.get("transfer-encoding"), request.fields.get("content-length")
    if coding is None and length is None:
        return False
    length = length or ""
    digits = length.isascii() and length.isdigit() and len(length) < _DIGITS
    if coding is None and digits:
        if int(length) == 0:
            return False
        if allowed and int(length) <= LONGEST_HEAD:
            return True
    raise malformed("a request can't have a body")


def _keeps_alive(request: Request) -> bool:
    connection = request.fields.get("connection", "").lower()
    if request.version == "HTTP/1.0":
        return "keep-alive" in connection
    return "close" not in connection


def _too_long(head: bytes) -> Refused:
    if b"\r\n" not in head[:LONGEST_HEAD]:
        return Refused(Problem(414, "target-too-long", f"the limit is {LONGEST_HEAD} bytes"))
    return Refused(Problem(431, "head-too-long", f"the limit is {LONGEST_HEAD} bytes"))


def _no_such_path(path: str) -> Refused:
    detail = f"there is no {path[:64]!r} here"
    return Refused(Problem(404, "path", detail, f"there are {', '.join(PATHS)}"))
