"""What every test is held to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canary.temporary_files import TemporaryFiles
from tests.canary.watch import WATCH
from tests.skipped import summary

_LOOPBACK = "127.0.0.1,localhost"


def pytest_configure(config: pytest.Config) -> None:
    """Leave the developer's own AWS and Warmkey out of it, and the proxies out of loopback."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "WARMKEY_"))]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), _LOOPBACK)))
    _use_temporary_folder(config)


def _use_temporary_folder(config: pytest.Config) -> None:
    """Keep temporary files, save pytest's own, apart from those of other runs of tests.

    The watch would take those for a leak, as the same secrets stand in them.
    """
    shared = os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    own = tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="warmkey-", dir=shared)
    Path(own).chmod(0o711)  # so that other users reach what a test lets them have
    config.add_cleanup(lambda: shutil.rmtree(own, ignore_errors=True))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last what was skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:  # xdist's workers have none
        reports = reporter.stats.get("skipped", [])
        if line := summary(report.longrepr[2].removeprefix("Skipped: ") for report in reports):
            reporter.write_line(line)


@pytest.fixture(autouse=True)
def secrets_stay_secret() -> Iterator[None]:
    """After every test, its secrets stand in no output, no status and no file that was left."""
    files = TemporaryFiles()
    yield
    if WATCH.knows_any:
        for path, text in files.texts():
            WATCH.note(str(path), text)
    WATCH.look()
    WATCH.forget()
