"""Bytes over TLS 1.2 or newer, with the server's certificate and name verified.

It stands on `_ssl`, the C module below `ssl`, which would cost a cold start 9 ms. Only a
connection that needs TLS imports this module, as `_ssl` alone costs 1 ms.
"""

from __future__ import annotations

import _ssl
import posix
import select

from .channel import CHUNK

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    from collections.abc import Callable, Generator
    from typing import Any, TypeVar

    from .channel import Wait

    Result = TypeVar("Result")

_TLS_1_2 = 0x0303
_IGNORE_UNEXPECTED_EOF = 0x80  # a peer that ends without saying so may have been cut off
_KIND, _FOLDER = 0o170000, 0o040000  # of st_mode; the module `stat` would have to be imported


class TlsChannel:
    """A TLS session on a connected, non-blocking socket.

    Args:
        sock: the socket; `_ssl` keeps only a weak reference to it.
        context: whom to trust.
        host: the name that the certificate must carry.

    Attributes:
        NOTHING_YET: what `read` raises where nothing has come and the socket doesn't block.
    """

    __slots__ = ("_socket", "_tls")

    NOTHING_YET: type[OSError] = _ssl.SSLWantReadError

    def __init__(self, sock: _socket.socket, context: _ssl._SSLContext, host: str) -> None:
        self._socket = sock
        self._tls: Any = context._wrap_socket(sock, False, host)  # type: ignore[attr-defined]

    def handshake(self) -> Generator[Wait, None, None]:
        """Agree on keys and verify the server, in steps."""
        yield from self._steps(self._tls.do_handshake)

    def write(self, data: bytes) -> Generator[Wait, None, None]:
        """Send everything, in steps."""
        while data:
            data = data[(yield from self._steps(self._tls.write, data)) :]

    def read(self) -> bytes:
        """Receive what has come, blocking for as long as the socket's timeout allows."""
        received: bytes = self._tls.read(CHUNK)
        return received

    def _steps(
        self, operation: Callable[..., Result], *arguments: object
    ) -> Generator[Wait, None, Result]:
        while True:
            try:
                return operation(*arguments)
            except _ssl.SSLWantReadError:
                yield self._socket.fileno(), select.POLLIN
            except _ssl.SSLWantWriteError:
                yield self._socket.fileno(), select.POLLOUT


def verifying_context(bundle: str) -> _ssl._SSLContext:
    """The TLS settings of a client that verifies.

    Args:
        bundle: path of a PEM file with trusted roots, or of a folder in which each root is a file
            named by its hash, so that only the one needed is read, and when it is needed.
            https://docs.openssl.org/3.5/man3/SSL_CTX_load_verify_locations/

    Raises:
        OSError: it can't be read, or has no certificate in it.
    """
    context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = _ssl.CERT_REQUIRED
    context.check_hostname = True
    context.minimum_version = _TLS_1_2
    context.options &= ~_IGNORE_UNEXPECTED_EOF  # set in early releases of Python 3.10 and 3.11
    if posix.stat(bundle).st_mode & _KIND == _FOLDER:
        context.load_verify_locations(None, bundle)
    else:
        context.load_verify_locations(bundle)
    return context
