"""A lookup that has found what a test says, of a host that does not exist."""

import os
import socket
from collections.abc import Sequence

from extension.http.address import Address
from extension.http.client.lookup import Lookup, Target

HOST = "aws.example.test"


class KnownLookup(Lookup):
    """A lookup that has found addresses."""

    def __init__(self, found: Sequence[Target]) -> None:
        self._known = found
        super().__init__(Address(HOST, 1))

    def _run(self, _: Address) -> None:
        self._asking.release()
        self._found = self._known
        os.close(self._writing)


def target(address: str, port: int) -> Target:
    """An address as a lookup gives it."""
    if ":" in address:
        return socket.AF_INET6, (address, port, 0, 0)
    return socket.AF_INET, (address, port)
