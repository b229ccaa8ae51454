"""`address`: what names a server is written down again as the same one."""

from contextlib import suppress
from urllib.parse import urlsplit

from extension.http.address import Address, MalformedAddress, parse_host_port, parse_url
from extension.http.messages import Request, build_request
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Read a URL and `host:port`."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        found, target = parse_url(text)
    except MalformedAddress:
        pass
    else:
        _check(found)
        scheme = "https" if found.secure else "http"
        assert parse_url(f"{scheme}://{found.authority}{target}") == (found, target)
        if text.isascii() and text.isprintable() and not set("?#\\[") & set(text):
            assert (urlsplit(text).hostname or "").lower() == found.host.lower()
    with suppress(MalformedAddress):
        _check(parse_host_port(text))
    _check_password(text)


def _check(found: Address) -> None:
    """It can stand in a request's head."""
    assert 0 < found.port < 65536
    build_request(Request("GET", "/", (("Host", found.authority),)))


def _check_password(text: str) -> None:
    """A password in front of the host is not told."""
    scheme, separator, rest = text.partition("://")
    if separator and CANARY not in text:
        try:
            parse_url(f"{scheme}://user:{CANARY}@{rest}")
        except MalformedAddress as error:
            assert_untold(str(error))
        else:
            raise AssertionError("a password is taken")


TARGET = Target(
    "addresses", attempt, ["http://", "https://", "[::1]", ":80", "localhost", "@", "/", "%"]
)
