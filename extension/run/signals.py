"""The signals that end the daemon. A sidecar blocks them while it starts, so that none is lost.

The kernel drops a signal for which a container's first process has no handler, and its sender does
not send it again. On Lambda `SHUTDOWN` ends an extension, so that it has no time for them.
"""

from __future__ import annotations

import signal
from collections.abc import Callable

_ENDING = (signal.SIGTERM, signal.SIGINT)


def block() -> None:
    """Block them until `unblock`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def unblock() -> None:
    """Let those come that were blocked."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def handle(callback: Callable[[], None]) -> None:
    """Call back, on the main thread, for each from now on."""
    for number in _ENDING:
        signal.signal(number, lambda *_: callback())
