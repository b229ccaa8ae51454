"""The Python 3.13 that the build has linked, with the standard library of the unpacked packages."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


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

        The seed of hashes is fixed: the order of a frozen set of strings goes into compiled code.

        Raises:
            subprocess.CalledProcessError: The script failed; it has said why.
        """
        flags = ("-S", "-B", "-X", "no_debug_ranges")
        command = list(map(str, [self.executable, *flags, script, *arguments]))
        environment = {"PYTHONHOME": str(self.home), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        subprocess.run(command, env=environment, input=text, text=True, check=True)
