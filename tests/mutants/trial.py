"""A copy of the tree in which mutants are tried, so that the tree itself never changes."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory

_BUILT = ("build", "dist")
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")


@contextmanager
def copy_of(root: Path) -> Iterator[Path]:
    """A copy of a tree, without what is built or hidden at its root, that is gone at the end."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder) == root and name.startswith((".", *_BUILT))]

    with TemporaryDirectory(prefix="mutants-") as folder:
        yield shutil.copytree(root, Path(folder) / "tree", symlinks=True, ignore=ignored)


@contextmanager
def changed(file: Path, source: str) -> Iterator[None]:
    """A file with another source, for a while."""
    before = file.read_text()
    _write(file, source)
    yield
    _write(file, before)


def _write(file: Path, source: str) -> None:
    file.write_text(source)
    # Else Python may take the bytecode of what was there for that of the new source.
    Path(cache_from_source(str(file))).unlink(missing_ok=True)


def passes(tree: Path, tests: Sequence[str], seconds: float) -> bool:
    """Whether all tests of these files pass in time; what they have started ends with them."""
    process = subprocess.Popen(  # noqa: S603
        [*_PYTEST, *tests],
        cwd=tree,
        # Of pytest's plugins hardly a test needs one, and to import them all takes seconds.
        env={**os.environ, "TMPDIR": str(tree.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
