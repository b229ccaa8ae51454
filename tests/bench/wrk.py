"""Load on an endpoint by wrk, which is quick enough not to be what is measured.

wrk fills in what a stalled reader would have asked meanwhile (coordinated omission), so its
percentiles do not flatter. A read's time begins when its request is written: connecting is not in
it. Source: https://github.com/wg/wrk, `src/wrk.c`.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.heads import TOKEN_HEADER
from tests.languages.language import Unavailable

PLAIN = Path(__file__).with_name("wrk.lua")
"""One path, as fast as it goes."""
PACED = Path(__file__).with_name("wrk_paced.lua")
"""Many aliases in turn, with a rest after each read."""

_TIMEOUT = "10s"  # after which a read has failed; wrk's own two are few on a busy machine
_LINE = re.compile(
    r"^warmkey: requests=(\d+) took=(\d+) p50=(\d+) p99=(\d+) p99\.9=(\d+) failed=(\d+)$", re.M
)


class LoadFailed(Exception):
    """wrk said something else than its report, or reads failed; the message says what."""


@dataclass(frozen=True, slots=True)
class Load:
    """How to read.

    Attributes:
        connections: So many at once.
        seconds: For how long, a whole number.
        new: Whether each read has a connection of its own; else they are kept alive.
        script: `PLAIN` or `PACED`.
        arguments: What the script is given.
        threads: wrk's own; on two cores, one leaves the other core to the server.
    """

    connections: int
    seconds: int
    new: bool = False
    script: Path = PLAIN
    arguments: Sequence[str] = ()
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it. Latencies in microseconds.

    Attributes:
        reads: How many were answered.
        rate: Reads a second.
        p50: The latency that half of the reads stay below.
        p99: That 99 of 100 do.
        p999: That 999 of 1,000 do.
    """

    reads: int
    rate: float
    p50: float
    p99: float
    p999: float


def read(url: str, token: str, load: Load) -> Reading:
    """Read a secret again and again.

    Args:
        url: The secret's, or the endpoint's for `PACED`.
        token: What the endpoint wants.
        load: How.

    Raises:
        Unavailable: There is no wrk.
        LoadFailed: Not every read was answered with a value.
    """
    command = [
        *(program(), f"-t{load.threads}", f"-c{load.connections}", f"-d{load.seconds}s"),
        *("-s", str(load.script), "-H", f"{TOKEN_HEADER}: {token}", "--timeout", _TIMEOUT),
        *(("-H", "Connection: close") if load.new else ()),
        *(url, *load.arguments),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return parse(done.stdout + done.stderr)


def program() -> str:
    """Where wrk is.

    Raises:
        Unavailable: It is not installed.
    """
    path = shutil.which("wrk")
    if path is None:
        raise Unavailable("there is no wrk: `make tools` installs it")
    return path


def parse(output: str) -> Reading:
    """Read wrk's report.

    Raises:
        LoadFailed: There is none, or it speaks of reads that failed.
    """
    found = _LINE.search(output)
    if found is None:
        raise LoadFailed(f"wrk did not report: {output.strip() or 'it printed nothing'}")
    requests, took, p50, p99, p999, failed = map(int, found.groups())
    if failed:
        raise LoadFailed(f"{failed} reads of {requests} failed: {output.strip()}")
    if not requests:
        raise LoadFailed(f"no read was answered: {output.strip()}")
    return Reading(requests, requests / took * 1_000_000, p50, p99, p999)
