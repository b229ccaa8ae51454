"""Bytes over TLS 1.2 or newer, with the server's certificate and name verified."""

from __future__ import annotations

import encodings.idna  # noqa: F401 - with which `ssl` encodes a server's name
import select
import socket
import ssl
from collections.abc import Callable

from .channel import Result, Steps, Task, Wait

# In TLS 1.2: keys that are forgotten, ciphers that authenticate (RFC 9325 §4.2), and no key or
# signature of less than 112 bits of security (§4.5). Those of TLS 1.3 are all of that kind.
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=2"
_IGNORE_UNEXPECTED_EOF = 0x80  # a peer that ends without saying so may have been cut off
_PREPARED: list[ssl.SSLContext] = []


class TlsChannel:
    """A TLS session on a connected, non-blocking socket.

    Args:
        sock: the socket, which the session takes over.
        context: whom to trust.
        host: the name that the certificate must carry.

    Attributes:
        NOTHING_YET: what the socket raises where nothing has come and it doesn't block.
        socket: the socket of the session.
    """

    __slots__ = ("socket",)

    NOTHING_YET: type[OSError] = ssl.SSLWantReadError

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, host: str) -> None:
        self.socket = context.wrap_socket(
            sock,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,  # or what is cut short would look like an end
            server_hostname=host,
        )

    def handshake(self) -> Steps:
        """Agree on keys and verify the server, in steps."""
        yield from self._steps(self.socket.do_handshake)

    def write(self, data: bytes) -> Steps:
        """Send everything, in steps."""
        while data:
            data = data[(yield from self._steps(self.socket.write, data)) :]

    def _steps(self, operation: Callable[..., Result], *arguments: object) -> Task[Result]:
        while True:
            try:
                return operation(*arguments)
            except ssl.SSLWantReadError:
                yield Wait({self.socket.fileno(): select.POLLIN})
            except ssl.SSLWantWriteError:
                yield Wait({self.socket.fileno(): select.POLLOUT})


def prepare() -> None:
    """Have a context ready for the first connection, while the layer is built.

    OpenSSL takes as long for it as for the keys of a handshake. It trusts nobody yet.
    """
    _PREPARED.append(_strict_context())


def verifying_context(bundle: str | None) -> ssl.SSLContext:
    """The TLS settings of a client that verifies.

    Args:
        bundle: path of a PEM file with trusted roots, or of a folder in which each root is a file
            named by its hash; None for the roots that the interpreter trusts by default.
            https://docs.openssl.org/3.5/man3/SSL_CTX_load_verify_locations/

    Raises:
        OSError: it can't be read, or has no certificate in it.
    """
    try:
        context = _PREPARED.pop()
    except IndexError:
        context = _strict_context()
    if bundle is None:
        context.set_default_verify_paths()
        return context
    try:
        context.load_verify_locations(bundle)
    except IsADirectoryError:
        context.load_verify_locations(capath=bundle)
    return context


def _strict_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.hostname_checks_common_name = False  # the subject says nothing (RFC 9525 §2)
    context.options |= ssl.OP_NO_RENEGOTIATION  # what was agreed on holds for the connection
    context.options &= ~_IGNORE_UNEXPECTED_EOF  # set in early releases of Python 3.10 and 3.11
    return context
