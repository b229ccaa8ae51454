"""Endurance: reads and refreshes without end, and what the daemon holds after each while."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.beside import disturbance
from tests.soak.subject import Subject, Window

_SHORT = {"WARMKEY_TTL": "1", "WARMKEY_NEGATIVE_TTL": "0"}
"""Every value is fetched again, beside its reads, 0.8 s after it came."""


class Wrong(Exception):
    """In the end a secret was not read as it is in AWS."""


@dataclass(frozen=True, slots=True)
class Goal:
    """When it is long enough.

    Attributes:
        reads: So many were answered,
        refreshes: and so many values were fetched again,
        windows: in so many windows at least,
        seconds: of so many seconds each.
    """

    reads: int
    refreshes: int
    windows: int = 8
    seconds: int = 2


@dataclass(slots=True)
class Endurance:
    """A daemon that goes on and on.

    Attributes:
        windows: What each while came to.
        lines: How many lines it had logged in the end.
    """

    windows: list[Window] = field(default_factory=list)
    lines: int = 0

    @property
    def reads(self) -> int:
        """How many reads were answered."""
        return sum(window.reading.reads for window in self.windows)

    @property
    def refreshes(self) -> int:
        """How many values were fetched again."""
        return self.windows[-1].refreshes if self.windows else 0

    def reached(self, goal: Goal) -> bool:
        """Whether it is long enough."""
        enough = self.reads >= goal.reads and self.refreshes >= goal.refreshes
        return enough and len(self.windows) >= goal.windows

    def go(self, layer: Path, goal: Goal) -> Iterator[None]:
        """Go on until the goal is reached; yields after each window.

        Args:
            layer: The layer's tree.
            goal: When it is.

        Raises:
            LoadFailed: A read was not answered with a value.
            Wrong: The daemon, in the end, does not give what AWS has.
        """
        with Subject(layer, **_SHORT) as subject, disturbance(subject.daemon):
            while not self.reached(goal):
                subject.rotate()
                self.windows.append(subject.window(goal.seconds))
                yield
            self.lines = len(subject.daemon.logged("ERROR"))
            if not subject.is_right():
                raise Wrong("in the end a secret is not read as it is in AWS")
