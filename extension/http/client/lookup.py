"""Looking up a host's addresses, without waiting longer for them than one likes.

The system's resolver blocks: ten seconds and more where a name server says nothing, and nothing
can interrupt it. So it does that on a thread of its own, which ends when the resolver does.
"""

from __future__ import annotations

import _thread
import os
import select
import socket
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import Any

from ..address import Address
from .channel import Task, Wait

Target = tuple[int, Any]  # an address family, and an address of it


class Lookup:
    """A lookup under way.

    Theory of operation: a thread takes some time to begin, in which the client may do something
    brief. Once it comes to wait for the addresses, it lets the thread run until the resolver is
    asked, so that the resolver is waited for and not the client, who may go on to other things. The
    thread keeps what was found and closes its end of a pipe, which wakes up who polls the other.
    That one is closed then, or when nobody refers to a lookup that was not waited for: one that has
    failed is referred to by its own error's traceback.

    It is `_thread`'s, as `threading.Thread` waits until the new thread runs: 0.6 ms of a start.

    Args:
        address: whose host is looked up.
    """

    __slots__ = ("_asking", "_found", "_problem", "_reading", "_writing")

    def __init__(self, address: Address) -> None:
        self._found: Sequence[Target] = ()
        self._problem: OSError | None = None
        self._reading = -1
        self._asking = _thread.allocate_lock()
        self._asking.acquire()
        self._reading, self._writing = os.pipe()
        try:
            _thread.start_new_thread(self._run, (address,))
        except BaseException:
            os.close(self._writing)
            raise

    def __del__(self) -> None:
        self._close()

    def targets(self) -> Task[Sequence[Target]]:
        """The steps of waiting for the addresses; see `alternating` for their order.

        Raises:
            OSError: there are none.
        """
        with self._asking:  # which the thread has let go of, once it runs
            pass
        yield Wait({self._reading: select.POLLIN})
        self._close()
        if self._problem is not None:
            raise self._problem
        return self._found

    def _close(self) -> None:
        if self._reading >= 0:  # there was a descriptor for it
            os.close(self._reading)
            self._reading = -1

    def _run(self, address: Address) -> None:
        self._asking.release()
        try:
            self._found = _resolved(address, 0)
        except OSError as error:
            self._problem = error
        finally:
            os.close(self._writing)


def numeric(address: Address) -> Sequence[Target]:
    """The addresses of a host that is given as one.

    Returns:
        None of them where it is given as a name.
    """
    try:
        return _resolved(address, socket.AI_NUMERICHOST)
    except OSError:
        return ()


def _resolved(address: Address, flags: int) -> Sequence[Target]:
    """The host's name goes in as bytes: a str would be looked up as an internationalised one."""
    host, tcp = address.host.encode(), socket.SOCK_STREAM
    found = socket.getaddrinfo(host, address.port, socket.AF_UNSPEC, tcp, 0, flags)
    return alternating(found)


def alternating(found: Iterable[tuple[int, Any, Any, Any, Any]]) -> Sequence[Target]:
    """The addresses in what `getaddrinfo` found, each family's in its order (RFC 8305 §4).

    IPv4 has the first word, not IPv6: Lambda's network always has that.
    """
    targets = [(row[0], row[4]) for row in found]
    ipv4 = [target for target in targets if target[0] == socket.AF_INET]
    others = [target for target in targets if target[0] != socket.AF_INET]
    pairs = chain.from_iterable(zip_longest(ipv4, others))
    return [target for target in pairs if target is not None]
