"""A lookup of a host's addresses on a thread of its own."""

import gc
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from socket import AF_INET, AF_INET6, SOCK_STREAM, gaierror
from typing import Any

import pytest

from extension.http.address import Address
from extension.http.client.channel import Steps, complete
from extension.http.client.lookup import Lookup, alternating, numeric
from tests.patience import PATIENCE

Target = tuple[int, Any]

HERE = Address("127.0.0.1", 1)
UNKNOWN = Address("a" * 64, 1)
"""Longer than a part of a name may be, so that no name server is asked."""
UNSTARTABLE = 1 << 56
"""Bytes of a thread's stack, for which no machine has the addresses."""
LONG = 1000.0
"""Seconds for which a thread may go on unless it waits for something."""


def descriptors() -> set[Path]:
    """The open ones, but for that which lists them, and those of garbage."""
    gc.collect()
    return {each for each in list(Path("/proc/self/fd").iterdir()) if each.exists()}


def found(lookup: Lookup) -> Sequence[Target]:
    """Wait for what is found."""
    targets: list[Target] = []

    def waiting() -> Steps:
        targets.extend((yield from lookup.targets()))

    (problem,) = complete([waiting()], time.monotonic() + PATIENCE)
    if problem is not None:
        raise problem
    return targets


@pytest.fixture
def no_threads() -> Iterator[None]:
    """No thread can be started."""
    before = threading.stack_size(UNSTARTABLE)
    yield
    threading.stack_size(before)


@pytest.fixture
def no_hurry() -> Iterator[None]:
    """A thread goes on until it waits for something."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(LONG)
    yield
    sys.setswitchinterval(before)


def test_a_lookup_finds_addresses() -> None:
    """With the port, as `connect` takes them."""
    assert found(Lookup(HERE)) == [(AF_INET, ("127.0.0.1", 1))]


def test_a_lookup_tells_that_there_is_no_such_host() -> None:
    """To who waits, not on its own thread."""
    with pytest.raises(gaierror):
        found(Lookup(UNKNOWN))


@pytest.mark.usefixtures("no_hurry")
def test_a_lookup_has_begun_when_its_caller_comes_to_wait_for_it() -> None:
    """Or it would begin only when the caller has nothing else to do; it may wait repeatedly."""
    begun = []

    class Noted(Lookup):
        def _run(self, address: Address) -> None:
            begun.append(address)
            super()._run(address)

    lookup = Noted(HERE)
    next(lookup.targets())
    assert begun == [HERE]
    assert found(lookup)


def test_a_lookup_leaves_no_descriptor_open() -> None:
    """Whatever came of it."""
    before = descriptors()
    found(Lookup(HERE))
    with pytest.raises(gaierror) as kept:
        found(Lookup(UNKNOWN))
    assert descriptors() == before, kept


def test_a_lookup_that_nobody_waits_for_leaves_no_descriptor_open() -> None:
    """Once its thread, too, has done with it."""
    before = descriptors()
    gone = threading.Event()

    class Noted(Lookup):
        def __del__(self) -> None:
            super().__del__()
            gone.set()

    Noted(HERE)
    assert gone.wait(PATIENCE)
    assert descriptors() == before


@pytest.mark.usefixtures("no_threads")
def test_lookup_without_a_thread_fails_and_leaves_no_descriptor() -> None:
    """The error is raised, rather than an answer waited for that nobody gives."""
    before = descriptors()
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Lookup(HERE)
    assert descriptors() == before


def test_lookup_without_descriptors_fails_without_noise() -> None:
    """The error is raised, and nothing is said or closed when what was begun is collected."""
    before = descriptors()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            Lookup(Address("localhost", 1))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert descriptors() == before


@pytest.mark.parametrize(
    ("found", "tried"),
    [("6b 4d 6a 4c", "4d 6b 4c 6a"), ("6a 6b 4c", "4c 6a 6b"), ("4a 4b", "4a 4b"), ("6a", "6a")],
)
def test_families_take_turns(found: str, tried: str) -> None:
    """IPv4 first, as Lambda's network has that; within a family the system's order counts."""
    families = {"4": AF_INET, "6": AF_INET6}
    rows = [(families[each[0]], SOCK_STREAM, 6, "", (each, 1)) for each in found.split()]
    assert [target[1][0] for target in alternating(rows)] == tried.split()


@pytest.mark.parametrize(
    ("host", "targets"),
    [
        ("127.0.0.1", [(AF_INET, ("127.0.0.1", 80))]),
        ("::1", [(AF_INET6, ("::1", 80, 0, 0))]),
        ("localhost", []),
        ("a" * 64, []),
    ],
)
def test_an_address_is_its_own_and_a_name_has_none(host: str, targets: list[Target]) -> None:
    """Nothing is looked up for it."""
    assert list(numeric(Address(host, 80))) == targets
