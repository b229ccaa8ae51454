"""One start that was measured, cold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .log_tail import LogTail, Report


@dataclass(frozen=True, slots=True)
class Start:
    """What one cold start cost. Times are in milliseconds.

    Attributes:
        init: Its init phase; of a snapshot, the time to restore it.
        handler: The handler's time.
        billed: What is billed; the start included.
        memory_used: What it used at most, in MB.
        restored: Whether it was restored from a snapshot.
        phases: Warmkey's own moments, counted from its start; empty without it.
    """

    init: float
    handler: float
    billed: float
    memory_used: float
    restored: bool = False
    phases: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """How long the caller had to wait: for both, one after the other."""
        return self.init + self.handler


def of(tail: LogTail) -> Start | None:
    """The start that a log tells of; None where it was warm, or the log does not tell."""
    report = tail.report
    took = _init(report) if report else None
    if report is None or took is None:
        return None
    return Start(
        init=took,
        handler=report.duration,
        billed=report.billed,
        memory_used=report.memory_used,
        restored=report.restore is not None,
        phases=tail.phases,
    )


def _init(report: Report) -> float | None:
    return report.init if report.restore is None else report.restore
