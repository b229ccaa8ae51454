"""What Lambda writes into a function's log about one invocation, in the forms of today."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_RUNTIME = "arn:aws:lambda:eu-central-1::runtime:7893bafe1f7e5c0681bc8da889edf656777a53c2a26e3f73"
_WHEN = "2026-11-22T02:20:00.000Z"


@dataclass(frozen=True, slots=True)
class Invocation:
    """An invocation, as it is logged.

    Attributes:
        request_id: Its id.
        duration: Of the handler, in milliseconds.
        memory: What the function may use, in MB.
        used: What it used, in MB.
        init: Of the init phase, in milliseconds; None where it was warm.
        restore: Of the snapshot, in milliseconds; None where there was none.
        status: `success`, `timeout` or `error`.
        error_type: Of the error.
        init_status: Of the init phase.
        traced: Whether X-Ray samples it.
        own: What the function and the extensions write.
    """

    request_id: str
    duration: float = 3.21
    memory: int = 512
    used: int = 61
    init: float | None = None
    restore: float | None = None
    status: str = "success"
    error_type: str = ""
    init_status: str = "success"
    traced: bool = False
    own: tuple[str, ...] = ()

    @property
    def billed(self) -> int:
        """What is billed, in milliseconds: the start, since August 2025, and the handler."""
        return round(self.duration + (self.init or 0) + (self.restore or 0) / 4 + 0.5)


Form = Callable[[Invocation], str]
"""Writes the log of an invocation."""


def text(invocation: Invocation) -> str:
    """The log as plain text."""
    return "\n".join(_lines(invocation)) + "\n"


def _lines(invocation: Invocation) -> Iterator[str]:
    phase = "RESTORE" if invocation.restore is not None else "INIT"
    if invocation.init is not None or invocation.restore is not None:
        yield f"{phase}_START Runtime Version: python:3.13.v44\tRuntime Version ARN: {_RUNTIME}"
    if invocation.init_status != "success":
        trouble = f"Phase: init\tStatus: {invocation.init_status}"
        if invocation.init_status == "error":
            trouble += f"\tError Type: {invocation.error_type}"
        yield f"INIT_REPORT Init Duration: {invocation.init or 0:.2f} ms\t{trouble}"
    yield f"START RequestId: {invocation.request_id} Version: $LATEST"
    yield from invocation.own
    yield f"END RequestId: {invocation.request_id}"
    yield "\t".join(_report(invocation)) + "\t"
    if invocation.traced:
        trace = "1-692cc6c7-f2ce8d3383524609b99c07a9"
        yield f"XRAY TraceId: {trace}\tSegmentId: 29c3839e6ecb5895\tSampled: true\t"


def _report(invocation: Invocation) -> Iterator[str]:
    yield f"REPORT RequestId: {invocation.request_id}"
    yield f"Duration: {invocation.duration:.2f} ms"
    yield f"Billed Duration: {invocation.billed} ms"
    yield f"Memory Size: {invocation.memory} MB"
    yield f"Max Memory Used: {invocation.used} MB"
    if invocation.init is not None and invocation.init_status == "success":
        yield f"Init Duration: {invocation.init:.2f} ms"
    if invocation.restore is not None:
        yield f"Restore Duration: {invocation.restore:.2f} ms"
        yield f"Billed Restore Duration: {round(invocation.restore / 4)} ms"
    if invocation.status != "success":
        yield f"Status: {invocation.status}"
        if invocation.error_type:
            yield f"Error Type: {invocation.error_type}"


def as_json(invocation: Invocation) -> str:
    """The log as JSON, a line for each event."""
    return "".join(json.dumps(event) + "\n" for event in _events(invocation))


def _events(invocation: Invocation) -> Iterator[Mapping[str, Any]]:
    if invocation.init is not None:
        common = {"initializationType": "on-demand", "phase": "init"}
        yield _event("initStart", {**common, "functionVersion": "$LATEST"})
        report = {**common, "status": invocation.init_status}
        report["metrics"] = {"durationMs": invocation.init}  # type: ignore[assignment]
        yield _event("initReport", report)
    yield _event("start", {"requestId": invocation.request_id, "version": "$LATEST"})
    for message in invocation.own:
        yield {"timestamp": _WHEN, "level": "INFO", "message": message}
    metrics: dict[str, float] = {
        "durationMs": invocation.duration,
        "billedDurationMs": invocation.billed,
        "memorySizeMB": invocation.memory,
        "maxMemoryUsedMB": invocation.used,
    }
    if invocation.init is not None and invocation.init_status == "success":
        metrics["initDurationMs"] = invocation.init
    if invocation.restore is not None:
        metrics["restoreDurationMs"] = invocation.restore
        metrics["billedRestoreDurationMs"] = round(invocation.restore / 4)
    record = {"requestId": invocation.request_id, "status": invocation.status, "metrics": metrics}
    failed = {"errorType": invocation.error_type} if invocation.error_type else {}
    yield _event("report", {**record, **failed})


def _event(kind: str, record: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"time": _WHEN, "type": f"platform.{kind}", "record": record}
