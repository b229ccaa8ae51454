"""A start whose files are on the disk reads the pages that it uses, and few others."""

import random
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables.elf import EXECUTABLE, Elf
from layer.build.plan import SNAPSHOT
from layer.build.snapshot.hot import MOST_RANGES, in_file
from layer.build.snapshot.image import HOT_AT, PAGE
from tests.bench.start.page_cache import StillCached, cached_pages, evict
from tests.e2e.disk import NoDiskError, disk
from tests.e2e.linked import folder
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack, zip_of

pytestmark = pytest.mark.skipif(not SNAPSHOT, reason="built without a snapshot")
INTERPRETER = "warmkey/warmkey"
OTHERS = 60
"""Pages beside the table's and code, of which the kernel may read more around what is touched."""

FEW = 60
"""Times that a start may wait for a page that is not in the table.

Strings of the environment are looked up in hash tables, where each may meet one that the starts
which the build plays have not met. How many pages come with one of these is the kernel's choice.
"""

AFTERWARDS = 100
"""How many more of both there may be for what follows a start, once clients have their secrets: its
log line, and the warnings about settings."""

OF_FILES = ("_IO_file_xsgetn", "_IO_file_seekoff", "_nl_C_LC_CTYPE_class", "_nl_C_LC_CTYPE_toupper")
"""What of glibc reads files that a start which the build plays does not have: those of the time
zone, of name look-ups and of hosts. They are read first of all."""

_ANY = random.Random(1)  # noqa: S311 - not for a secret
TABLES = {
    "empty": bytes(PAGE),
    "full": b"\xff" * PAGE,
    "too many ranges": struct.pack("<I", MOST_RANGES + 1).ljust(PAGE, b"\1"),
    "ranges behind the end": struct.pack("<3I", 1, 1 << 30, 1 << 31).ljust(PAGE, b"\0"),
    "one range behind the end": struct.pack("<3I", 1, 1 << 30, 1 << 30).ljust(PAGE, b"\0"),
    "another's": struct.pack("<I", MOST_RANGES) + _ANY.randbytes(PAGE - 4),
}


@contextmanager
def started(layer: Path, authority: Authority, *, logs: bool = True) -> Iterator[Daemon]:
    """The layer, once a secret has been read over TLS, and it has nothing more to do."""
    with FakeAws(authority.issue()) as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "value")
        own = {**aws.environment(), "KEY": "warmkey:/key", "TZ": ":UTC"}  # as Lambda has it
        own["WARMKEY_LOG_LEVEL"] = "info" if logs else "none"
        with Daemon(layer, api, own) as daemon:
            daemon.wait_until_ready()
            assert daemon.read("KEY") == "value"
            if logs:
                daemon.wait_for_line('"ready"')
            yield daemon


def table_of(executable: Path) -> set[int]:
    """The pages of its table."""
    table = executable.read_bytes()[HOT_AT : HOT_AT + PAGE]
    (count,) = struct.unpack_from("<I", table)
    ranges = struct.iter_unpack("<II", table[4 : 4 + 8 * count])
    return {page for first, number in ranges for page in range(first, first + number)}


def code_of(executable: Path) -> set[int]:
    """The pages of its code."""
    return {
        page
        for segment in Elf(executable.read_bytes()).loaded
        if segment.flags & EXECUTABLE
        for page in range(segment.offset // PAGE, -(-(segment.offset + segment.in_file) // PAGE))
    }


def times_waited(daemon: Daemon) -> int:
    """How often a process had to wait for the disk in order to go on, since it began."""
    stat = Path(f"/proc/{daemon.process.pid}/stat").read_text("ascii")
    return int(stat.rpartition(")")[2].split()[9])  # majflt of proc_pid_stat(5)


@pytest.mark.parametrize("logs", [False, True])
def test_a_cold_start_reads_what_the_table_names_and_waits_for_few_other_pages(
    layer: Path, tmp_path: Path, *, logs: bool
) -> None:
    """The most of the file is left on the disk."""
    executable, authority = layer / INTERPRETER, Authority(tmp_path / "authority")
    table, pages = table_of(executable), executable.stat().st_size // PAGE
    layer.joinpath("extensions/warmkey").read_bytes()  # the launcher is no part of this
    try:
        evict([executable])
    except StillCached as reason:
        pytest.skip(str(reason))
    with started(layer, authority, logs=logs) as daemon:
        read, waited = cached_pages(executable), times_waited(daemon)
    afterwards = AFTERWARDS if logs else 0
    assert table - read == set()
    assert len(read - table - code_of(executable)) <= OTHERS + afterwards
    assert waited <= FEW + afterwards
    assert len(read) < pages / 2


@pytest.mark.parametrize("read_ahead", [0, 16, 8192])
def test_read_ahead_of_the_kernel_does_not_matter(tmp_path: Path, read_ahead: int) -> None:
    """A setting of the disk, which differs between machines: the table is read in any case."""
    try:
        with disk(tmp_path, read_ahead) as place:
            layer = unpack(place / "opt")
            executable = layer / INTERPRETER
            pages = executable.stat().st_size // PAGE
            for file in ("extensions/warmkey", INTERPRETER):
                evict([layer / file])
            with started(layer, Authority(tmp_path / "authority")) as daemon:
                read = cached_pages(executable)
                assert daemon.logged("ERROR") == []
            assert table_of(executable) - read == set()
            assert len(read) < pages / 2
    except NoDiskError as reason:
        pytest.skip(f"there is no disk of our own to be had: {reason}")


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_a_start_reads_a_third_of_the_executable(target: targets.Target, tmp_path: Path) -> None:
    """5.5 MB of it, on either architecture."""
    executable = unpack(tmp_path, zip_of(target)) / INTERPRETER
    table = table_of(executable)
    assert len(table) * PAGE <= 5_500_000
    assert max(table) < executable.stat().st_size / PAGE


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_the_table_names_what_reads_files_that_the_build_has_not(
    target: targets.Target, tmp_path: Path
) -> None:
    """Who waits for a page so early waits for all that was asked for before, too."""
    executable = unpack(tmp_path, zip_of(target)) / INTERPRETER
    seed = Elf((folder(target) / "seed").read_bytes())
    pages = {seed.symbol(name) // PAGE for name in OF_FILES}
    found = in_file(pages, Elf(executable.read_bytes()).loaded)
    assert found
    assert found <= table_of(executable)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_wrong_breaks_nothing(layer: Path, tmp_path: Path, table: str) -> None:
    """It names what is worth fetching early, and nobody relies on it."""
    executable = layer / INTERPRETER
    with executable.open("r+b") as file:
        file.seek(HOT_AT)
        file.write(TABLES[table])
    with suppress(StillCached):
        evict([executable])
    with started(layer, Authority(tmp_path / "authority")) as daemon:
        assert daemon.logged("ERROR") == []
