"""HTTP proxies, which open a tunnel to a server when they are asked to (RFC 9110 §9.3.6)."""

from __future__ import annotations

import select
from dataclasses import dataclass, field

from ..address import Address
from ..failure import Failed, Kind, UpstreamError
from ..messages import (
    END_OF_HEAD,
    LONGEST_HEAD,
    MalformedMessage,
    Request,
    build_request,
    parse_head,
)
from .channel import CHUNK, ClearChannel, Steps, Wait


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy.

    Attributes:
        address: where it is; it is spoken to in the clear, and TLS goes through it.
        authorization: the header `Proxy-Authorization` that it wants; empty for none.
    """

    address: Address
    authorization: str = field(default="", repr=False)


def tunnelling(channel: ClearChannel, proxy: Proxy, server: Address) -> Steps:
    """The steps of having a proxy connect with a server.

    Args:
        channel: a connection to the proxy; what is sent over it goes to the server then.
        proxy: the proxy.
        server: the server.

    Raises:
        UpstreamError: the proxy does not do it.
        MalformedMessage: it gives no valid answer.
        OSError: it closes the connection.
    """
    host = f"[{server.host}]" if ":" in server.host else server.host
    there = f"{host}:{server.port}"
    authorization = (("Proxy-Authorization", proxy.authorization),) if proxy.authorization else ()
    request = Request("CONNECT", there, (("Host", there), *authorization))
    yield from channel.write(build_request(request))
    head = b""
    while END_OF_HEAD not in head:
        if len(head) > LONGEST_HEAD:
            raise MalformedMessage("the proxy's answer is longer than a head may be")
        try:
            data = channel.socket.recv(CHUNK)
        except BlockingIOError:
            yield Wait({channel.socket.fileno(): select.POLLIN})
            continue
        if not data:
            raise ConnectionResetError
        head += data
    _check(head, proxy.address.authority, server.authority)


def _check(answer: bytes, proxy: str, server: str) -> None:
    """Check that a proxy has done what it was asked for, and said no more."""
    head, _, rest = answer.partition(END_OF_HEAD)
    start, *_ = parse_head(head)
    version, status, _ = f"{start}  ".split(" ", 2)
    if not version.startswith("HTTP/1.") or len(status) != 3 or not status.isdigit():
        raise MalformedMessage("the proxy's answer is not HTTP/1.1 STATUS REASON")
    if status == "407":
        detail = f"the proxy {proxy} wants other credentials than HTTPS_PROXY has, or some at all"
        hint = "write HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, each percent-encoded"
        raise UpstreamError(Failed(Kind.UNREACHABLE, detail, hint))
    if not status.startswith("2"):
        detail = f"the proxy {proxy} does not connect with {server}: it answered {status}"
        hint = "have the proxy allow that host, or name the host in NO_PROXY"
        raise UpstreamError(Failed(Kind.UNREACHABLE, detail, hint))
    if rest:
        raise MalformedMessage("the proxy's answer is followed by more than its head")
