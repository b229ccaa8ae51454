"""What comes of a row, and how long it takes."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fresh.host import CannotRun
from tests.fresh.machine import Machine
from tests.fresh.root import unpacked
from tests.fresh.row import Network, Row

_FIRST_CHARGE = re.compile(r"INIT, then charge \S")
_COUNTS = re.compile(r"^(?:=+ )?(\d+ \w+(?:, \d+ \w+)*) in [\d.]+s", re.MULTILINE)
_LOOPBACK = re.compile(r"127\.|localhost$|::1$")
_LAST_LINES = 20


@dataclass(frozen=True, slots=True)
class Made:
    """What one `make` did.

    Attributes:
        target: Its target.
        status: Its exit status.
        seconds: How long it took.
        lines: What it printed, and when, in seconds from its start.
        hosts: How often each host was asked for through the proxy.
    """

    target: str
    status: int
    seconds: float
    lines: Sequence[tuple[float, str]]
    hosts: Counter[str]

    @property
    def text(self) -> str:
        """What it printed."""
        return "".join(line for _, line in self.lines)

    @property
    def charged(self) -> float | None:
        """When `make run` had made its first charge, in seconds from its start; None for never."""
        return next((at for at, line in self.lines if _FIRST_CHARGE.search(line)), None)

    @property
    def tests(self) -> str:
        """How many tests passed, failed and were skipped, in pytest's words; empty for none."""
        counts = Counter[str]()
        for run in _COUNTS.findall(self.text):
            for number, what in map(str.split, run.split(", ")):
                counts[what] += int(number)
        return ", ".join(f"{number:,} {what}" for what, number in counts.items())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row.

    Attributes:
        row: The row.
        made: What was made, in order.
        left_out: Why it could not be tried; empty where it was.
    """

    row: Row
    made: Sequence[Made] = ()
    left_out: str = ""

    @property
    def complaint(self) -> str:
        """What is wrong; empty where all is as it has to be."""
        return next(filter(None, (_complaint(self.row, made) for made in self.made)), "")


def tried(row: Row, clone: Path, log: Path) -> Outcome:
    """Try a row.

    Args:
        row: The row.
        clone: The repository, as a Git bundle.
        log: Gets everything that is printed, as it comes.
    """
    made: list[Made] = []
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    try:
        with unpacked(row) as root:
            machine = Machine.of(row, root)
            machine.prepare(clone)
            for target in row.targets:
                made.append(_make(machine, target, log))
                if _complaint(row, made[-1]):
                    break
    except CannotRun as reason:
        return Outcome(row, made, str(reason))
    return Outcome(row, made)


def _make(machine: Machine, target: str, log: Path) -> Made:
    began = time.monotonic()
    lines: list[tuple[float, str]] = []
    with log.open("a", encoding="utf-8", buffering=1) as copy:
        copy.write(f"$ make {target}\n")

        def see(line: bytes) -> None:
            lines.append((time.monotonic() - began, line.decode("utf-8", "replace")))
            copy.write(f"{lines[-1][0]:7.1f}  {lines[-1][1]}")

        ran = machine.make(target, see)
        for host, times in ran.hosts.most_common():
            copy.write(f"through the proxy, {times} times: {host}\n")
    return Made(target, ran.status, time.monotonic() - began, lines, ran.hosts)


def _complaint(row: Row, made: Made) -> str:
    if row.refusal:
        return "" if made.status and row.refusal in made.text else _wrong(made, "did not refuse")
    if made.status:
        return _wrong(made, f"failed with exit status {made.status}")
    if made.target == "run" and made.charged is None:
        return _wrong(made, "made no charge")
    if row.network is Network.PROXY and not made.hosts:
        return f"nothing of `make {made.target}` went through the proxy"
    if here := [host for host in made.hosts if _LOOPBACK.match(host)]:
        return f"`make {made.target}` asked the proxy for {', '.join(here)}"
    return ""


def _wrong(made: Made, how: str) -> str:
    last = "".join(made.text.splitlines(keepends=True)[-_LAST_LINES:])
    return f"`make {made.target}` {how}; at the end it said:\n{last}"
