"""A cold start reads the pages that the executable names, and hardly any other."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.elf import EXECUTABLE, Elf
from layer.build.image import HOT_AT, PAGE
from tests.bench.start.page_cache import StillCached, cached_pages, evict
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack, zip_of

# What an environment brings: names and paths, and strings with which they share a hash.
OTHERS = 60
INTERPRETER = "warmkey/warmkey"


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """The layer that this machine runs, unpacked."""
    return unpack(tmp_path / "opt")


def named_pages(executable: bytes) -> set[int]:
    """The pages of the executable that its table names."""
    (count,) = struct.unpack_from("<I", executable, HOT_AT)
    rows = struct.iter_unpack("<II", executable[HOT_AT + 4 : HOT_AT + 4 + 8 * count])
    return {page for first, number in rows for page in range(first, first + number)}


@contextmanager
def started(layer: Path, api: FakeRuntimeApi, folder: Path) -> Iterator[None]:
    """A start that has fetched a secret and served it."""
    with FakeAws(Authority(folder).issue()) as aws:
        aws.parameters.put("/key", "value")
        with Daemon(layer, api, {**aws.environment(), "KEY": "warmkey:/key"}) as running:
            assert running.wait_until_ready().read("KEY") == "value"
            yield


def test_a_cold_start_reads_what_the_table_names(
    layer: Path, api: FakeRuntimeApi, tmp_path: Path
) -> None:
    """Beside code, of which the kernel may read more around what is touched."""
    path = layer / INTERPRETER
    executable = path.read_bytes()
    try:
        evict([path])
    except StillCached as reason:
        pytest.skip(str(reason))
    with started(layer, api, tmp_path):
        read = cached_pages(path)
    code = {
        page
        for segment in Elf(executable).loaded
        if segment.flags & EXECUTABLE
        for page in range(segment.offset // PAGE, -(-(segment.offset + segment.in_file) // PAGE))
    }
    named = named_pages(executable)
    assert named <= read
    assert len(read - named - code) <= OTHERS


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_a_start_reads_a_third_of_the_executable(target: targets.Target, tmp_path: Path) -> None:
    """5.5 MB of it, on either architecture."""
    executable = (unpack(tmp_path, zip_of(target)) / INTERPRETER).read_bytes()
    named = named_pages(executable)
    assert len(named) * PAGE <= 5_500_000
    assert max(named) < len(executable) / PAGE


@pytest.mark.parametrize(
    "table",
    [bytes(PAGE), b"\xff" * PAGE, struct.pack("<III", 1, 1 << 30, 1 << 30).ljust(PAGE, b"\0")],
    ids=["empty", "nonsense", "of another file"],
)
def test_a_table_that_does_not_fit_breaks_nothing(
    layer: Path, api: FakeRuntimeApi, tmp_path: Path, table: bytes
) -> None:
    """It costs time."""
    path = layer / INTERPRETER
    executable = bytearray(path.read_bytes())
    executable[HOT_AT : HOT_AT + PAGE] = table
    path.write_bytes(executable)
    with started(layer, api, tmp_path):
        pass
