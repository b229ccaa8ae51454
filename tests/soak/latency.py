"""Latency of reads beside a refresh, a log line and idle connections, and without them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.wrk import Reading
from tests.soak.beside import disturbance
from tests.soak.subject import Subject

_WINDOWS = 8
_SECONDS = 2
_LOGGING = {"WARMKEY_NEGATIVE_TTL": "0"}


@dataclass(slots=True)
class Latency:
    """Readings of two daemons, in turns.

    Attributes:
        disturbed: Of the one beside which all that goes on.
        calm: Of the one that only answers.
    """

    disturbed: list[Reading] = field(default_factory=list)
    calm: list[Reading] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """The median of the disturbed one's p99, in microseconds."""
        return median(reading.p99 for reading in self.disturbed)

    @property
    def ratio(self) -> float:
        """The median of how many times the calm one's p99 that is, pair by pair."""
        pairs = zip(self.disturbed, self.calm, strict=True)
        return median(disturbed.p99 / calm.p99 for disturbed, calm in pairs)

    def go(self, layer: Path, windows: int = _WINDOWS, seconds: int = _SECONDS) -> Iterator[None]:
        """Read from both; yields after each pair.

        Args:
            layer: The layer's tree.
            windows: How often from each.
            seconds: For how long at a time.

        Raises:
            LoadFailed: A read was not answered with a value.
        """
        with ExitStack() as stack:
            calm = stack.enter_context(Subject(layer))
            disturbed = stack.enter_context(Subject(layer, **_LOGGING))
            for _ in range(windows):
                self.calm.append(calm.window(seconds).reading)
                with disturbance(disturbed.daemon):
                    self.disturbed.append(disturbed.window(seconds).reading)
                yield
