"""The Python 3.13 that the build has linked, with the standard library of the unpacked packages."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_IMPORTED = Path(__file__).parents[3]  # where the scripts find `layer.build`


class ScriptError(Exception):
    """A script of the build has failed."""


@dataclass(frozen=True, slots=True)
class Python:
    """An executable and the folder that holds its `lib/python3.13`.

    Attributes:
        executable: An ordinary `python`.
        home: Its `PYTHONHOME`.
    """

    executable: Path
    home: Path

    def run(self, script: Path, *arguments: Path, text: str = "") -> None:
        """Run a script of the build.

        What it makes must not depend on where and when it runs. So the seed of hashes is fixed, as
        the order of a set goes into compiled code, and nothing compiled earlier is used.

        Raises:
            ScriptError: The script failed; it tells all that the script has said.
        """
        flags = ("-S", "-B", "-X", "no_debug_ranges")
        command = list(map(str, [self.executable, *flags, script, *arguments]))
        environment = {
            "PYTHONHASHSEED": "0",
            "PYTHONHOME": str(self.home),
            "PYTHONPATH": str(_IMPORTED),
            "PYTHONPYCACHEPREFIX": os.devnull,
            "PYTHONUTF8": "1",
        }
        done = subprocess.run(
            command,
            env=environment,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stdout.strip() or f"it ended with {done.returncode} and said nothing"
            raise ScriptError(f"{script.name} failed: {said}")
