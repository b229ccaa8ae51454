"""An address that lets nobody connect and refuses nobody, as a dead network interface does."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def silent(address: str, port: int) -> Iterator[None]:
    """Listen at an address of the loopback network with a full backlog: nothing answers there."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server((address, port), family=family, backlog=0))
        for _ in range(2):
            waiting = stack.enter_context(socket.socket(family))
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield
