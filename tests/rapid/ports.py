"""Ports of loopback that stay ours until another process listens on them."""

import socket

from tests.closing import Closing


class ReservedPort(Closing):
    """A free port, kept from everyone who does not ask for it by number.

    The port is bound but never listened on, with `SO_REUSEADDR`. Linux gives such a port to no
    `bind` to port 0 and to no outgoing connection, while a server that sets `SO_REUSEADDR`, as
    the Rapid core and nearly every other server do, may bind it and listen. So tests that run
    at once never meet on a port, and no one has to try again.

    Args:
        host: The address of loopback that it is of.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._host = f"[{host}]" if ":" in host else host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, 0))
        self.number: int = self._socket.getsockname()[1]

    @property
    def address(self) -> str:
        """The port with its host: `127.0.0.1:NUMBER`, or `[::1]:NUMBER`."""
        return f"{self._host}:{self.number}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()
