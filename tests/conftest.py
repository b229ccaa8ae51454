"""What every test is held to."""

from collections.abc import Iterator

import pytest

from tests.canary.temporary_files import TemporaryFiles
from tests.canary.watch import WATCH


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
