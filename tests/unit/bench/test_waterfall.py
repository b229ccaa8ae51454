"""A start as a waterfall: what each has noted, on one clock."""

from dataclasses import replace

from tests.bench.lab.function_start import FunctionStart
from tests.bench.lab.waterfall import waterfall
from tests.bench.lab.way import BOTO3, CLIENT
from tests.bench.ssm import Call, Connection, Record
from warmkey.deploy.report import ColdStart, Lane

ORIGIN = 100.0  # seconds of the monotonic clock
EPOCH = 1_795_000_000.0  # when that was at zero

CALLED = Connection(ORIGIN + 0.010, ORIGIN + 0.030, [Call("GetParameter", 1, 100.031, 100.032)])
WITH_BOTO3 = FunctionStart(
    init=400.0,
    moments={"code": 60.0, "imported": 200.0, "client": 300.0, "values": 390.0, "handler": 401.0},
    registered=None,
    upstream=Record([CALLED]),
    origin=ORIGIN,
    epoch=EPOCH,
    status={},
)
STATUS = {
    "startedAt": EPOCH + ORIGIN + 0.001,
    "phases": {"registering": 0.2, "loaded": 6, "sent": 29, "registered": 34, "received": 36},
    "calls": [{"phases": {"began": 7, "resolved": 8}}],
}
WITH_WARMKEY = replace(
    WITH_BOTO3,
    moments={"code": 60.0, "imported": 61.0, "values": 62.0, "handler": 63.0},
    registered=1.0,
    status=STATUS,
)


def lane(start: ColdStart, name: str) -> Lane:
    """A lane by its name."""
    return next(lane for lane in start.lanes if lane.name == name)


def test_the_extensions_moments_begin_where_its_status_says() -> None:
    """Its clock is the epoch's, the others' is the monotonic one."""
    spans = lane(waterfall(WITH_WARMKEY, CLIENT, "", 1, ""), "Extension").spans
    assert [span.name for span in spans][:3] == [
        "launcher: bind, register",
        "interpreter",
        "settings, signing",
    ]
    assert [round(span.end, 1) for span in spans] == [1.2, 7.0, 9.0, 30.0, 35.0, 37.0]


def test_a_phase_that_is_not_told_is_left_out() -> None:
    """As in a start without the launcher, or a daemon that notes less."""
    phases = {"registering": 0.2, "sent": 29}
    start = replace(WITH_WARMKEY, status={**STATUS, "phases": phases, "calls": []})
    spans = lane(waterfall(start, CLIENT, "", 1, ""), "Extension").spans
    assert [span.name for span in spans] == ["launcher: bind, register", "connecting, TLS"]


def test_a_start_without_an_extension_has_no_lane_of_it() -> None:
    """Nor has one that tells nothing."""
    names = [each.name for each in waterfall(WITH_BOTO3, BOTO3, "", 1, "").lanes]
    assert names == ["Lambda", "Runtime", "Function", "AWS"]


def test_every_connection_has_a_lane() -> None:
    """So calls side by side can be told from calls one after the other."""
    start = replace(WITH_BOTO3, upstream=Record([CALLED, CALLED]))
    names = [each.name for each in waterfall(start, BOTO3, "", 1, "").lanes]
    assert names[-2:] == ["AWS 1", "AWS 2"]


def test_a_call_stands_where_it_came_to_aws() -> None:
    """After its connection was made."""
    connecting, call = lane(waterfall(WITH_BOTO3, BOTO3, "", 1, ""), "AWS").spans
    assert (round(connecting.start), round(connecting.end)) == (10, 30)
    assert (call.name, round(call.start)) == ("GetParameter 1", 31)


def test_the_function_reads_until_it_has_everything() -> None:
    """What it imports before is its own time."""
    start = waterfall(WITH_BOTO3, BOTO3, "", 3, "")
    assert [(span.name, span.start, span.end) for span in lane(start, "Function").spans] == [
        ("import boto3", 60, 200),
        ("client", 200, 300),
        ("read", 300, 390),
    ]
    assert start.finish is not None
    assert (start.finish.name, start.finish.at) == ("3 secrets in hand", 390)
