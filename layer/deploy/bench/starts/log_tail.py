"""The last 4 KB of a start's log, which Lambda hands out with a response (`LogType=Tail`).

Lambda writes its own lines as text, or as JSON where the function's log format says so. What the
function writes stands among them; of that nothing is kept, as it may hold secrets.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-monitoring.html
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SUCCESS = "success"

_FIGURE = re.compile(
    r"(?<!\S)((?:Billed Restore|Restore|Init|Billed) Duration|Duration|Memory Size|Max Memory Used)"
    r": (\d+(?:\.\d+)?) (?:ms|MB)"
)
_WORD = re.compile(r"(?<!\S)(Phase|Status|Error Type): (\S+)")
_REPORT = re.compile(r"REPORT RequestId: (\S+)\s")
_STARTS = {"INIT_REPORT ": "Init Duration", "RESTORE_REPORT ": "Restore Duration"}
# A function can make up an error's type, so only what looks like one is passed on:
_TYPE = re.compile(r"[A-Za-z_][\w.$:]{0,99}")


@dataclass(frozen=True, slots=True)
class Report:
    """What Lambda says of one invocation.

    Attributes:
        duration: How long the handler took, in milliseconds.
        billed: What is billed for it, in milliseconds; the start included.
        memory_size: What the function may use, in MB.
        memory_used: What it has used, in MB.
        init: How long its init phase took, in milliseconds; None where it was not a cold start.
        restore: How long restoring its snapshot took, likewise.
        status: `success`, `timeout` or `error`.
        error_type: Which error, e.g. `Runtime.ExitError`; empty where there is none.
    """

    duration: float
    billed: float
    memory_size: float
    memory_used: float
    init: float | None = None
    restore: float | None = None
    status: str = SUCCESS
    error_type: str = ""


@dataclass(frozen=True, slots=True)
class Init:
    """What Lambda says of an init phase, or of a restored snapshot, beside the invocation.

    Attributes:
        duration: How long it took, in milliseconds.
        phase: `init`, `invoke` where it was tried again, or `restore`.
        status: `success`, `timeout` or `error`.
        error_type: Which error; empty where there is none.
    """

    duration: float
    phase: str
    status: str
    error_type: str = ""


@dataclass(frozen=True, slots=True)
class LogTail:
    """What is known of a start.

    Attributes:
        report: Of the invocation; None where the log does not reach back that far.
        inits: Of each attempt to start.
        phases: Warmkey's own moments, in milliseconds from its start; empty without it.
    """

    report: Report | None = None
    inits: tuple[Init, ...] = ()
    phases: Mapping[str, float] = field(default_factory=dict)


def decode(log_result: str) -> str:
    """The text that a response carries in Base64; nothing where it is none."""
    try:
        return base64.b64decode(log_result, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def read(text: str, request_id: str) -> LogTail:
    """What the tail of a log says of an invocation.

    Args:
        text: The tail; its first line may be cut.
        request_id: The invocation's id. A function could write a line that looks like Lambda's.
    """
    reports: list[Report] = []
    inits: list[Init] = []
    phases: Mapping[str, float] = {}
    for line in text.split("\n"):
        if event := _json(line):
            reports.extend(_report_in(event, request_id))
            inits.extend(_init_in(event))
            phases = _phases_in(event) or phases
        else:
            reports.extend(_report_of(line, request_id))
            inits.extend(_init_of(line))
    return LogTail(reports[-1] if reports else None, tuple(inits), phases)


def _report_of(line: str, request_id: str) -> Iterator[Report]:
    """`REPORT RequestId: …	Duration: … ms	…`."""
    found = _REPORT.match(line)
    if found and found[1] == request_id:
        figures, words = _figures(line), dict(_WORD.findall(line))
        yield Report(
            duration=figures.get("Duration", 0.0),
            billed=figures.get("Billed Duration", 0.0),
            memory_size=figures.get("Memory Size", 0.0),
            memory_used=figures.get("Max Memory Used", 0.0),
            init=figures.get("Init Duration"),
            restore=figures.get("Restore Duration"),
            status=type_name(words.get("Status", SUCCESS)),
            error_type=type_name(words.get("Error Type", "")),
        )


def _init_of(line: str) -> Iterator[Init]:
    """`INIT_REPORT Init Duration: … ms	Phase: init	Status: timeout`; only trouble has a status."""
    for start, figure in _STARTS.items():
        figures = _figures(line) if line.startswith(start) else {}
        if figure in figures:
            words = dict(_WORD.findall(line))
            phase = words.get("Phase", "restore" if figure.startswith("Restore") else "init")
            status, failed = words.get("Status", SUCCESS), words.get("Error Type", "")
            yield Init(figures[figure], type_name(phase), type_name(status), type_name(failed))


def _report_in(event: Mapping[str, Any], request_id: str) -> Iterator[Report]:
    record = _mapping(event.get("record"))
    if event.get("type") == "platform.report" and record.get("requestId") == request_id:
        metrics = _numbers(_mapping(record.get("metrics")))
        yield Report(
            duration=metrics.get("durationMs", 0.0),
            billed=metrics.get("billedDurationMs", 0.0),
            memory_size=metrics.get("memorySizeMB", 0.0),
            memory_used=metrics.get("maxMemoryUsedMB", 0.0),
            init=metrics.get("initDurationMs"),
            restore=metrics.get("restoreDurationMs"),
            status=type_name(record.get("status", SUCCESS)),
            error_type=type_name(record.get("errorType", "")),
        )


def _init_in(event: Mapping[str, Any]) -> Iterator[Init]:
    kinds = {"platform.initReport": "init", "platform.restoreReport": "restore"}
    kind, record = event.get("type"), _mapping(event.get("record"))
    metrics = _numbers(_mapping(record.get("metrics")))
    if isinstance(kind, str) and kind in kinds and "durationMs" in metrics:
        yield Init(
            metrics["durationMs"],
            type_name(record.get("phase", "")) or kinds[kind],
            type_name(record.get("status", SUCCESS)),
            type_name(record.get("errorType", "")),
        )


def _phases_in(event: Mapping[str, Any]) -> Mapping[str, float]:
    """Warmkey's own line when it is ready."""
    if event.get("logger") != "warmkey":
        return {}
    phases = _numbers(_mapping(event.get("phases")))
    return {name: ms for name, ms in phases.items() if _TYPE.fullmatch(name)}


def type_name(value: object) -> str:
    """A word of Lambda's, such as an error's type; empty where it is anything else."""
    return value if isinstance(value, str) and _TYPE.fullmatch(value) else ""


def _figures(line: str) -> dict[str, float]:
    found: Iterable[tuple[str, str]] = _FIGURE.findall(line)
    return {name: float(figure) for name, figure in found}


def _json(line: str) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(line)) if line.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """Those that are figures; no JSON of Lambda's has a figure without end, or below zero."""
    real = {k: v for k, v in values.items() if type(v) in (int, float)}
    return {name: float(value) for name, value in real.items() if 0 <= value < 1e12}
