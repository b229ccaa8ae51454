"""Bytes over a connected socket, in the clear; `tls` is its twin for TLS.

Writing is a generator of waits, so that one thread can open and feed several connections side by
side; `complete` runs such generators. Reading blocks, on a worker's thread.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Generator, Sequence

Wait = tuple[int, int]  # a descriptor, and the poll events that it waits for
Steps = Generator[Wait, None, None]

CHUNK = 65536


class ClearChannel:
    """TCP as it is.

    Args:
        sock: a connected, non-blocking socket.

    Attributes:
        NOTHING_YET: what `read` raises where nothing has come and the socket doesn't block.
        socket: the socket.
    """

    __slots__ = ("socket",)

    NOTHING_YET: type[OSError] = BlockingIOError

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def write(self, data: bytes) -> Steps:
        """Send everything, in steps."""
        while data:
            try:
                data = data[self.socket.send(data) :]
            except BlockingIOError:
                yield self.socket.fileno(), select.POLLOUT

    def read(self) -> bytes:
        """Receive what has come, blocking for as long as the socket's timeout allows."""
        return self.socket.recv(CHUNK)


def complete(tasks: Sequence[Steps], deadline: float) -> list[Exception | None]:
    """Run tasks side by side until each has ended.

    Args:
        tasks: the steps of each.
        deadline: the latest moment, in seconds of `time.monotonic`.

    Returns:
        What each failed with, or None; `TimeoutError` for one that was late.
    """
    results = advance(tasks, deadline)
    return [
        each if each is None or isinstance(each, Exception) else TimeoutError() for each in results
    ]


def advance(tasks: Sequence[Steps], deadline: float) -> list[Exception | Steps | None]:
    """Run tasks side by side for some time.

    Args:
        tasks: the steps of each.
        deadline: the latest moment, in seconds of `time.monotonic`.

    Returns:
        What each failed with; None where it has ended, and the rest of its steps where it has not.
    """
    results: list[Exception | Steps | None] = [None] * len(tasks)
    waiting: dict[int, tuple[int, Wait]] = {}
    poll = select.poll()

    def step(number: int) -> None:
        try:
            descriptor, events = next(tasks[number])
        except StopIteration:
            return
        except Exception as error:
            results[number] = error
            return
        waiting[descriptor] = number, (descriptor, events)
        poll.register(descriptor, events)

    for number in range(len(tasks)):
        step(number)
    while waiting:
        left = max(0.0, deadline - time.monotonic())
        ready = poll.poll(left * 1000)
        for descriptor, _ in ready:
            poll.unregister(descriptor)
            step(waiting.pop(descriptor)[0])
        if not ready and not left:
            for number, wait in waiting.values():
                results[number] = _rest(wait, tasks[number])
            break
    return results


def _rest(wait: Wait, steps: Steps) -> Steps:
    """The rest of a task that waits for something."""
    yield wait
    yield from steps
