"""The start benchmark runs, and yields numbers for every row; none of them is judged here."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.functions import python_function
from tests.bench.peer import Peer
from tests.bench.samples import Samples
from tests.bench.start.page_cache import StillCached, evict
from tests.bench.start.run import Run
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces

_TEMPERATURES = ("warm", "cold", "slow")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A directory on the checkout's disk, as nothing can be cold on a tmpfs."""
    build = peers.BUILD.parent
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=build) as place:
        yield Path(place)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What is around the extensions."""
    with World(tmp_path_factory.mktemp("world")) as world:
        yield world


def built(label: str, place: Path) -> Peer:
    """One of those that are compared; skips where it cannot be built."""
    try:
        return peers.BUILDERS[label](place)
    except Unavailable as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("label", peers.BUILDERS)
def test_a_round_yields_numbers_for_a_row(
    label: str, place: Path, world: World, tmp_path: Path
) -> None:
    """Whoever serves a secret has all figures; the C floor has those of registering."""
    peer = built(label, place)
    samples = Samples()
    for _ in Run([peer], [], world, tmp_path / "log", samples).round(0):
        pass
    measured = {"registered", "ready", "cpu", "rss"} | (
        {"called", "secret"} if peer.serves else set()
    )
    for temperature in _TEMPERATURES:
        found = {what: samples.median(label, f"{what} {temperature}") for what in measured}
        assert all(value and value > 0 for value in found.values()), found


def test_a_slow_ssm_is_waited_for(place: Path, world: World, tmp_path: Path) -> None:
    """With 30 ms of latency the secret comes 30 ms after the call, or later."""
    peer = built(peers.BOTO3, place)
    samples = Samples()
    for _ in Run([peer], [], world, tmp_path / "log", samples).round(0):
        pass
    secret, called = (samples.median(peer.label, f"{what} slow") for what in ("secret", "called"))
    assert secret is not None
    assert called is not None
    assert secret - called >= 30


def test_a_round_yields_what_is_added_to_init(place: Path, world: World, tmp_path: Path) -> None:
    """On the real Rapid core, with a warm and a cold page cache, on two cores and on one."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        pytest.skip(str(refusal))
    peer = built(peers.FLOOR, place)
    samples = Samples()
    for _ in Run([peer], [python_function()], world, tmp_path / "log", samples).round(0):
        pass
    for cores in ("two cores", "one core"):
        assert samples.median("", f"Python {cores}")
        for temperature in ("warm", "cold"):
            assert samples.figure(peer.label, f"Python {cores} {temperature}")


def test_a_round_that_is_thrown_away_leaves_no_numbers(
    place: Path, world: World, tmp_path: Path
) -> None:
    """The first round warms everything up."""
    peer = built(peers.FLOOR, place)
    samples = Samples()
    for _ in Run([peer], [], world, tmp_path / "log", samples).round(0, keep=False):
        pass
    assert samples.figure(peer.label, "registered warm") is None


def test_what_lies_in_memory_is_not_called_cold() -> None:
    """A file on a tmpfs can't leave the page cache, and a measurement would not know."""
    descriptor = os.memfd_create("file")
    try:
        os.write(descriptor, b"x" * 100_000)
        with pytest.raises(StillCached, match="stay in the page cache"):
            evict([Path(f"/proc/self/fd/{descriptor}")])
    finally:
        os.close(descriptor)
