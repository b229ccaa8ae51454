"""Bytes over a connected socket, in the clear; `tls` is its twin for TLS.

Writing is a generator of waits, so that one thread can open and feed several connections side by
side; `complete` runs such generators. Reading blocks, on a worker's thread.
"""

from __future__ import annotations

import errno
import math
import os
import select
import socket
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

CHUNK = 65536


class Wait(NamedTuple):
    """What a task waits for, whichever comes first.

    Attributes:
        events: the poll events, by descriptor.
        until: a moment, in seconds of `time.monotonic`.
    """

    events: Mapping[int, int]
    until: float = math.inf

    def is_over(self, ready: Collection[int], now: float) -> bool:
        """Whether any of so many ready descriptors is its own, or its moment has come."""
        return self.until <= now or not self.events.keys().isdisjoint(ready)


Ready = Collection[int]  # those of a wait's descriptors that are ready; none when its moment came
Result = TypeVar("Result")
Task = Generator[Wait, Ready, Result]
Steps = Task[None]


class ClearChannel:
    """TCP as it is.

    Args:
        sock: a connected, non-blocking socket.

    Attributes:
        NOTHING_YET: what the socket raises where nothing has come and it doesn't block.
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
                yield Wait({self.socket.fileno(): select.POLLOUT})


def connecting(
    sock: socket.socket, target: tuple[int, Any], meanwhile: Callable[[], None]
) -> Steps:
    """The steps of connecting a socket.

    Args:
        sock: the socket, which doesn't block from here on.
        target: the address family, and the address.
        meanwhile: what to do while the network is waited for.

    Raises:
        OSError: it can't be connected.
    """
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    failed = sock.connect_ex(target[1])
    if failed == errno.EINPROGRESS:
        meanwhile()
        yield Wait({sock.fileno(): select.POLLOUT})
        failed = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed:
        raise OSError(failed, os.strerror(failed))


def complete(tasks: Sequence[Steps], deadline: float) -> list[Exception | None]:
    """Run tasks side by side until each has ended.

    Args:
        tasks: the steps of each.
        deadline: the latest moment, in seconds of `time.monotonic`.

    Returns:
        What each failed with, or None; `TimeoutError` for one that was late, and is closed.
    """
    results = advance(tasks, deadline)
    for task in tasks:
        task.close()
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
    waiting: dict[int, Wait] = {}
    poll = select.poll()

    def step(number: int, ready: Ready | None) -> None:
        task = tasks[number]
        try:
            wait = next(task) if ready is None else task.send(ready)
        except StopIteration:
            return
        except Exception as error:
            results[number] = error
            return
        waiting[number] = wait
        for descriptor, events in wait.events.items():
            poll.register(descriptor, events)

    for number in range(len(tasks)):
        step(number, None)
    while waiting:
        until = min(deadline, *(wait.until for wait in waiting.values()))
        left = max(0.0, until - time.monotonic())
        ready = {descriptor for descriptor, _ in poll.poll(left * 1000)}
        now = time.monotonic()
        woken = [number for number, wait in waiting.items() if wait.is_over(ready, now)]
        for number in woken:
            wait = waiting.pop(number)
            for descriptor in wait.events:
                poll.unregister(descriptor)
            step(number, wait.events.keys() & ready)
        if not woken and now >= deadline:
            for number, wait in waiting.items():
                results[number] = rest(wait, tasks[number])
            break
    return results


def rest(wait: Wait, task: Steps) -> Steps:
    """The rest of a task that waits for something."""
    try:
        while True:
            wait = task.send((yield wait))
    except StopIteration:
        pass
    finally:
        task.close()
