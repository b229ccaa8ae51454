"""Ports of 127.0.0.1 that stay ours until another process listens on them."""

import socket

from tests.closing import Closing


class ReservedPort(Closing):
    """A free port, kept from everyone who does not ask for it by number.

    The port is bound but never listened on, with `SO_REUSEADDR`. Linux gives such a port to no
    `bind` to port 0 and to no outgoing connection, while a server that sets `SO_REUSEADDR`, as
    the Rapid core and nearly every other server do, may bind it and listen. So tests that run
    at once never meet on a port, and no one has to try again.
    """

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.number: int = self._socket.getsockname()[1]

    @property
    def address(self) -> str:
        """The port with its host: `127.0.0.1:NUMBER`."""
        return f"127.0.0.1:{self.number}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()
