"""What goes on beside the reads: connections that idle, refreshes, and lines in the log."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

IDLE = 200
PACE = 0.1
"""Seconds between two refreshes, and two lines."""

_REFRESH = "/v1/secrets/S0?refresh=true"
_MISSING = "/systemsmanager/parameters/get?name=/nothing/is/here"


@contextmanager
def disturbance(daemon: Daemon, idle: int = IDLE) -> Iterator[None]:
    """Hold connections open that say nothing; refresh a secret, and log a line, again and again.

    Args:
        daemon: The daemon. With `WARMKEY_NEGATIVE_TTL=0` it asks AWS each time for what is not
            there, and logs each time that it can't be had.
        idle: How many connections.
    """
    stop = threading.Event()
    with ExitStack() as stack:
        for _ in range(idle):  # each at once, as those that have shown no token make room
            stack.enter_context(RawClient(daemon.port)).ask(daemon.request())
        thread = threading.Thread(target=_go_on, args=(daemon, stop), name="beside")
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)
        yield


def _go_on(daemon: Daemon, stop: threading.Event) -> None:
    with RawClient(daemon.port) as client:
        while not stop.wait(PACE):
            client.ask(daemon.request(_REFRESH))
            client.ask(daemon.request(_MISSING))
