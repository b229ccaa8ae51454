"""The signals that end the daemon. A sidecar blocks them while it starts, so that none is lost.

The kernel drops a signal for which a container's first process has no handler, and its sender does
not send it again.
"""

from __future__ import annotations

import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGINT)


def block() -> None:
    """Block them until `handle`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def handle(callback: Callable[[], None]) -> None:
    """Call back, on the main thread, for each from now on, and for one that was blocked."""
    for number in _ENDING:
        signal.signal(number, lambda *_: callback())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
