"""When the phases of a start were over."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from extension.declared.environment import process
from extension.run.start.phases import Phases
from tests.fakes.trace import untraced

STARTED_AT = 1_700_000_000.0


@pytest.fixture
def phases() -> Phases:
    """Those of a start whose clock goes on by a second whenever somebody looks at it."""
    seconds: Iterator[float] = count(100.0)
    return Phases(lambda: next(seconds), STARTED_AT, untraced)


def test_a_phase_is_over_so_many_milliseconds_after_the_start_began(phases: Phases) -> None:
    """Which was at a moment of the wall clock, so that other clocks can be put beside it."""
    phases.mark("bound")
    phases.mark("sent")
    assert phases.started_at == STARTED_AT
    assert phases.moments == {"bound": 1000, "sent": 2000}


def test_a_phase_is_over_once(phases: Phases) -> None:
    """The first read is the one that is asked about."""
    phases.mark("read")
    phases.mark("read")
    assert phases.moments == {"read": 1000}


def test_a_call_has_phases_on_the_same_clock(phases: Phases) -> None:
    """And a status, once it is answered."""
    phases.mark("bound")
    call = phases.call("ssm", "GetParameters")
    call.mark("sent")
    assert (call.service, call.action, call.status) == ("ssm", "GetParameters", None)
    call.answered(200)
    assert call.status == 200
    assert call.moments == {"began": 2000, "sent": 3000, "received": 4000}
    assert phases.report()["calls"] == [
        {"service": "ssm", "action": "GetParameters", "status": 200, "phases": call.moments}
    ]


def test_the_phases_keep_only_the_first_calls(phases: Phases) -> None:
    """As a process may live for months."""
    calls = [phases.call("ssm", "GetParameter") for _ in range(100)]
    for number, call in enumerate(calls):
        call.answered(number)
    reported: Any = phases.report()["calls"]
    assert [call["status"] for call in reported] == list(range(64))


def test_a_start_with_a_launcher_began_with_it(phases: Phases) -> None:
    """It has noted what it has done; the interpreter came after that."""
    noted = {"WARMKEY_BEGAN_AT": "98500000000", "WARMKEY_BOUND_AT": "98500250000"}
    phases.resume_from_launcher(process.read(noted).moments)
    phases.mark("bound")
    phases.mark("loaded")
    assert phases.started_at == STARTED_AT - 1.5
    assert phases.moments == {"bound": 0.25, "loaded": 3500.0}


@pytest.mark.parametrize("began", ["", "-1", "soon", "100000000001", "²", "9" * 5000])
def test_impossible_times_of_the_launcher_are_ignored(phases: Phases, began: str) -> None:
    """Such as a beginning that is yet to come."""
    noted = {"WARMKEY_BEGAN_AT": began, "WARMKEY_BOUND_AT": "1"}
    phases.resume_from_launcher(process.read(noted).moments)
    assert phases.started_at == STARTED_AT
    assert phases.moments == {}


def test_a_call_is_traced_from_its_start_to_its_answer() -> None:
    """With how many ms each of its phases was over after it began."""
    traced: list[tuple[str, dict[str, object]]] = []
    seconds = iter((0.0, 1.0, 1.25, 1.5, 2.0))
    phases = Phases(
        lambda: next(seconds), STARTED_AT, lambda message, **about: traced.append((message, about))
    )
    call = phases.call("ssm", "GetParameter")
    call.mark("signed")
    call.answered(200)
    about = {"service": "ssm", "action": "GetParameter"}
    spans = {"began": 0.0, "signed": 250.0, "received": 500.0}
    assert traced == [
        ("a call has started", about),
        ("a call is complete", {**about, "phases": spans, "status": 200}),
    ]


def test_a_call_that_fails_is_traced_with_its_reason() -> None:
    """And with the phases that it came through."""
    traced: list[tuple[str, dict[str, object]]] = []
    phases = Phases(
        lambda: 0.0, STARTED_AT, lambda message, **about: traced.append((message, about))
    )
    phases.call("ssm", "GetParameter").failed("no answer")
    about = {"service": "ssm", "action": "GetParameter", "phases": {"began": 0.0}}
    assert traced[1:] == [("a call has failed", {**about, "reason": "no answer"})]
