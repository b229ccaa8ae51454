"""Builds with the same folder for what they keep do not get in each other's way."""

import fcntl
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables.python import Python
from layer.build.inputs.lock import Lock
from layer.build.plan import Build
from layer.build.targets import Target


class _Interrupted(Exception):
    """The build ends at its first stage."""


class _Builder(Build):
    """One that finds out whether another can begin while it is at work."""

    def __init__(self, work: Path) -> None:
        super().__init__(Lock(()), work)
        self.another_can_begin = True
        self._door = work.with_name(f"{work.name}.lock")

    def python(self, target: Target) -> Python:
        """The first stage of all."""
        with self._door.open("w") as door:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.another_can_begin = False
        raise _Interrupted(target.name)


def test_one_build_waits_for_the_other(tmp_path: Path) -> None:
    """Built from other sources, it would replace what the first is still using."""
    for builder in (_Builder(tmp_path / "layer"), _Builder(tmp_path / "layer")):
        with pytest.raises(_Interrupted):
            builder.layers([targets.host()], tmp_path / "dist")
        assert not builder.another_can_begin
