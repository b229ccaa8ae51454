"""The signals that end the daemon; a sidecar holds them back while it starts, so that none is lost.

The first process of a container is sent none that it does not heed, and nobody asks twice.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_ENDING = (_signal.SIGTERM, _signal.SIGINT)


def hold() -> None:
    """Hold them back until `heed`."""
    _signal.pthread_sigmask(_signal.SIG_BLOCK, _ENDING)


def heed(callback: Callable[[], None]) -> None:
    """Call back, on the main thread, for each from now on, and for one that was held back."""
    for number in _ENDING:
        _signal.signal(number, lambda *_: callback())
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, _ENDING)
