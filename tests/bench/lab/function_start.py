"""One cold start of a function on AWS's Rapid core, and all that was seen of it."""

import http.client
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.bench.init import initialised
from tests.bench.lab.cell import Cell
from tests.bench.lab.quota import CpuQuota
from tests.bench.lab.variant import Variant
from tests.bench.peer import Peer
from tests.bench.peers import system_roots
from tests.bench.ssm import Record
from tests.bench.world import NAME, SECRET, World, listed
from tests.patience import PATIENCE
from tests.rapid.function import Function
from tests.rapid.sandbox import FunctionError

_PATIENCE = 120.0  # seconds; with little CPU some take ten
_STAMP = r"^(\d\d \w{3} \d{4} [\d:]{8},\d{3})"
_STAMP_FORMAT = "%d %b %Y %H:%M:%S,%f"


@dataclass(frozen=True, slots=True)
class FunctionStart:
    """What one start took; every moment in milliseconds since the core's INIT START.

    Attributes:
        init: How long INIT took, as the core's INIT REPORT has it, in milliseconds.
        moments: What the function's code has noted.
        registered: The extension had registered; None where there is none.
        upstream: What came to SSM, in seconds of `time.monotonic`.
        origin: INIT START, likewise.
        epoch: When that clock was at zero, in seconds since the epoch.
        status: What Warmkey's `/v1/status` said after the first invoke; empty for others.
    """

    init: float
    moments: Mapping[str, float]
    registered: float | None
    upstream: Record
    origin: float
    epoch: float
    status: Mapping[str, Any]

    @property
    def in_hand(self) -> float:
        """When the function's code had all values."""
        return self.moments["values"]

    def since(self, moment: float) -> float:
        """A moment of `time.monotonic` on this start's clock, in milliseconds."""
        return 1000 * (moment - self.origin)

    def at(self, moment: float) -> float:
        """A moment in seconds since the epoch on this start's clock, in milliseconds."""
        return self.since(moment - self.epoch)


class _LimitedFunction(Function):
    """A function whose core, with all that it starts, may be held by a quota."""

    def share(self, quota: CpuQuota) -> None:
        """Let it have no more than that; before the first invoke, nothing but the core runs."""
        for pid in self._core():
            quota.hold(pid)


def function_start(
    variant: Variant, cell: Cell, world: World, quota: CpuQuota | None = None
) -> FunctionStart:
    """Start a function, and end it when it has answered.

    Args:
        variant: The function.
        cell: Under which conditions.
        world: What is around it.
        quota: The CPU quota of this cell; None for none.

    Raises:
        FunctionError: It did not answer, or without its secrets, or began INIT more than once.
        TimeoutError: The core did not report INIT.
    """
    moments = world.begin(connecting=cell.latency)
    function = _LimitedFunction(
        package=variant.package,
        layer=variant.extension.layer if variant.extension else None,
        environment=_environment(variant, cell, world),
        bootstrap=variant.bootstrap,
    )
    with function:
        if quota:
            function.share(quota)
        took, answer = initialised(function, _PATIENCE)
        noted = _noted(answer, cell.secrets)
        epoch = time.time() - time.monotonic()
        origin = _logged(r".*INIT START\(", function.log, epoch)
        registered = _logged(r".* registered, subscribed to", function.log, epoch)
        if origin is None:
            raise FunctionError(f"the core's log has no INIT START\n{function.log}")
        return FunctionStart(
            init=took,
            moments={name: 1000 * (moment - origin) for name, moment in noted.items()},
            registered=None if registered is None else 1000 * (registered - origin),
            upstream=moments.ssm,
            origin=origin,
            epoch=epoch,
            status=_status(variant.extension, world),
        )


def _noted(answer: object, secrets: int) -> dict[str, float]:
    """The moments that a function with all its secrets notes, in seconds of `time.monotonic`."""
    match answer:
        case {"values": list(values), "moments": dict(moments)} if values == [SECRET] * secrets:
            return moments
    raise FunctionError(f"no {secrets} secrets and moments, but {answer!r}")


def _environment(variant: Variant, cell: Cell, world: World) -> dict[str, str]:
    names = {f"SECRET_{number:02}": f"{NAME}/{number:02}" for number in range(cell.secrets)}
    common = {**world.account(), "LAB_WAY": variant.way.code}
    if variant.extension:
        return {**common, **world.declared(names), **world.trust(variant.extension)}
    if variant.way.source == "clear":
        return {**common, **listed(names), **dict.fromkeys(names, SECRET)}
    trust = {
        "AWS_CA_BUNDLE": str(world.bundle("system", system_roots())),
        "NODE_EXTRA_CA_CERTS": str(world.authority),  # Node brings the others itself
    }
    return {**common, **listed(names), **trust}


def _logged(line: str, log: str, epoch: float) -> float | None:
    """When the core logged a line, in seconds of `time.monotonic`, to the millisecond."""
    found = re.search(_STAMP + line, log, re.MULTILINE)
    if not found:
        return None
    stamp = datetime.strptime(found[1], _STAMP_FORMAT).replace(tzinfo=UTC)
    return stamp.timestamp() - epoch


def _status(extension: Peer | None, world: World) -> Mapping[str, Any]:
    """What Warmkey says of its start; empty for others."""
    if extension is None or extension.name != "warmkey":
        return {}
    connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/v1/status")
        status: dict[str, Any] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return status
