"""What cannot be had is asked for once in a test run, and not by every test and worker again.

Without a network, npm alone takes more than a minute to give up.
"""

import os
import uuid
from collections.abc import Callable
from pathlib import Path

from layer.build.stages import Key, stage
from tests.languages.language import Unavailable

# pytest-xdist gives the same to all its workers.
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex


def stage_once(
    output: Path,
    ingredients: Key,
    make: Callable[[Path], None],
    failure: type[Exception] = Unavailable,
) -> Path:
    """Like `stage`, but where `make` fails it is not called again in this test run.

    Args:
        output: What the stage makes.
        ingredients: Everything that it depends on.
        make: Makes it, at the path that it is given.
        failure: What it raises when it can't; raised again, with the same message.
    """
    note = output.with_name(output.name + ".unavailable")

    def attempt(place: Path) -> None:  # one at a time, as `stage` sees to it
        noted = note.read_text(encoding="utf-8") if note.exists() else ""
        run, _, message = noted.partition("\n")
        if run == _RUN:
            raise failure(message)
        try:
            make(place)
        except failure as error:
            note.write_text(f"{_RUN}\n{error}", encoding="utf-8")
            raise

    return stage(output, ingredients, attempt)
