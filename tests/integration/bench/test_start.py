"""The start benchmark runs, and yields numbers for every row; none of them is judged here."""

import mmap
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.functions import python_function
from tests.bench.peer import Peer
from tests.bench.samples import Samples
from tests.bench.start.cold_start import cold_start
from tests.bench.start.condition import COLD, CONDITIONS, FAR, LATE, WARM, Condition
from tests.bench.start.page_cache import StillCached, cached, evict
from tests.bench.start.run import INIT_CONDITIONS, NOBODY, Run
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A directory on the checkout's disk, as nothing can be cold on a tmpfs."""
    build = peers.BUILD.parent
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=build) as place:
        file = Path(place, "file")
        file.write_bytes(b"x")
        try:
            evict([file])
        except StillCached as reason:
            pytest.skip(str(reason))
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
def test_a_round_yields_numbers_for_a_row(label: str, place: Path, world: World) -> None:
    """Whoever serves a secret has all figures; the C floor has those of registering."""
    peer = built(label, place)
    samples = Samples()
    for _ in Run([peer], [], world, samples).round(0):
        pass
    figures = {"registered", "ready", "cpu", "rss"}
    if peer.serves:
        figures |= {"called", "secret"}
    for condition in CONDITIONS:
        measured = figures | ({"read"} if condition.cold else set())
        found = {what: samples.median(label, f"{what}, {condition.name}") for what in measured}
        assert all(value and value > 0 for value in found.values()), found


@pytest.mark.parametrize(("condition", "connecting"), [(LATE, 0), (FAR, 60)])
def test_a_slow_ssm_is_waited_for(
    place: Path, world: World, condition: Condition, connecting: float
) -> None:
    """The secret comes 30 ms after the call, or later; far away, connecting takes 60 ms more."""
    peer = built(peers.OURS, place)
    start = cold_start(peer, world, condition)
    assert start.secret is not None
    assert start.called is not None
    assert start.secret - start.called >= 30
    assert start.called >= connecting


def test_a_cold_start_reads_its_files_and_a_warm_one_does_not(place: Path, world: World) -> None:
    """Not more than there is of them, in whole pages."""
    peer = built(peers.OURS, place)
    warm, cold = (cold_start(peer, world, each) for each in (WARM, COLD))
    whole = sum(-(-file.stat().st_size // mmap.PAGESIZE) for file in peer.files())
    assert warm.read is None
    assert cold.read is not None
    assert 0 < cold.read * 1e6 <= whole * mmap.PAGESIZE


def test_a_round_yields_what_is_added_to_init(place: Path, world: World) -> None:
    """On the real Rapid core, with a warm and a cold page cache, on two cores and on one."""
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        pytest.skip(str(refusal))
    peer = built(peers.FLOOR, place)
    samples = Samples()
    for _ in Run([peer], [python_function()], world, samples).round(0):
        pass
    for condition in INIT_CONDITIONS:
        for label in (NOBODY, peer.label):
            assert samples.median(label, f"INIT, Python, {condition.name}")


def test_a_round_that_is_thrown_away_leaves_no_numbers(place: Path, world: World) -> None:
    """The first round warms everything up."""
    peer = built(peers.FLOOR, place)
    samples = Samples()
    for _ in Run([peer], [], world, samples).round(0, keep=False):
        pass
    assert samples.figure(peer.label, "registered, warm") is None


def test_bytes_read_of_a_file_are_counted_in_pages(place: Path) -> None:
    """A page for a byte of it, where nothing is read ahead, and the whole in the end."""
    file = place / "file"
    file.write_bytes(os.urandom(10 * mmap.PAGESIZE - 1))
    evict([file])
    assert cached([file]) == 0
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        os.pread(descriptor, 1, 5 * mmap.PAGESIZE)
        assert cached([file]) == mmap.PAGESIZE
    finally:
        os.close(descriptor)
    file.read_bytes()
    assert cached([file]) == 10 * mmap.PAGESIZE


def test_files_in_memory_are_not_called_cold() -> None:
    """A file on a tmpfs can't leave the page cache, and a measurement would not know."""
    descriptor = os.memfd_create("file")
    try:
        os.write(descriptor, b"x" * 100_000)
        with pytest.raises(StillCached, match="stay in the page cache"):
            evict([Path(f"/proc/self/fd/{descriptor}")])
    finally:
        os.close(descriptor)
