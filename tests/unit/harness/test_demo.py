"""What the main job makes of what it saw: its promises and its report."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from tests.demo.observation import Observation, Payment
from tests.demo.promise import broken
from tests.demo.report import Report
from tests.demo.stage import STAGES, Stage

PROD = Stage("prod", "live")
AS_PROMISED = Observation(
    parameter="/stripeSecretKey/live",
    cold=Payment("succeeded", "ch_1", "live", 420.0),
    warm=Payment("succeeded", "ch_2", "live", 12.0),
    inits=[400.4],
    phases={"bound": 0.3, "registering": 0.4, "sent": 9.1, "received": 14.0, "ready": 15.2},
    ssm_calls={"function": 0, "extension": 1},
    actions=["GetParameters"],
    leaked=False,
    log="the log",
)
REFUSED = Payment("Invalid API Key provided: sk_test_****cd", "", "", 9.0)


def printed(seen: Observation, width: int, refusal: str = "") -> str:
    """The report of one stage, as it is printed into a pipe."""
    out = io.StringIO()
    report = Report(Console(file=out, width=width), refusal)
    report.opening()
    report.stage(PROD, seen)
    report.closing([seen])
    return out.getvalue()


def test_promises_that_hold_are_not_broken() -> None:
    """The ordinary case has nothing to say."""
    assert broken(PROD, AS_PROMISED) == []


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            replace(AS_PROMISED, ssm_calls={"function": 1, "extension": 1}),
            "prod: calls to SSM by the function: 1 instead of 0.",
        ),
        (
            replace(AS_PROMISED, ssm_calls={"function": 0, "extension": 2}),
            "prod: calls to SSM by the extension: 2 instead of 1.",
        ),
        (
            replace(AS_PROMISED, actions=["GetParameter"]),
            "prod: the extension called ['GetParameter'] instead of GetParameters.",
        ),
        (
            replace(AS_PROMISED, parameter="/stripeSecretKey/test"),
            "prod: the extension read /stripeSecretKey/test instead of /stripeSecretKey/live.",
        ),
        (
            replace(AS_PROMISED, cold=replace(AS_PROMISED.cold, key="test")),
            "prod: the cold payment was made with the key 'test' instead of 'live'.",
        ),
        (
            replace(AS_PROMISED, warm=REFUSED),
            "prod: the warm payment did not succeed: Invalid API Key provided: sk_test_****cd.",
        ),
        (
            replace(AS_PROMISED, inits=[400.4, 300.1]),
            "prod: the environment was initialised 2 times instead of once.",
        ),
        (
            replace(AS_PROMISED, phases={"bound": 0.3, "registering": 0.4, "sent": 9.1}),
            "prod: /v1/status lacks the phases received, ready.",
        ),
        (
            replace(AS_PROMISED, leaked=True),
            "prod: a key was found in the log, an answer or /v1/status.",
        ),
    ],
)
def test_a_broken_promise_is_said_in_a_sentence(seen: Observation, sentence: str) -> None:
    """Each says what was seen and what was promised."""
    assert broken(PROD, seen) == [sentence]


def test_every_stage_has_the_parameter_of_the_classic_table() -> None:
    """`featureX` has no row of its own and falls back to the test key."""
    assert {stage.name: stage.parameter for stage in STAGES} == {
        "prod": "/stripeSecretKey/live",
        "dev": "/stripeSecretKey/test",
        "featureX": "/stripeSecretKey/test",
    }


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_report_reads_in_any_width(width: int) -> None:
    """No line is longer than the terminal, and no fact is cut off."""
    text = printed(AS_PROMISED, width)
    assert max(map(len, text.splitlines())) <= width
    words = text.split()
    assert {"/stripeSecretKey/live", "ch_1", "ch_2", "400", "15.2"} <= set(words)


def test_a_start_is_drawn_to_scale() -> None:
    """How long it waits for SSM, and how long it does something itself."""
    phases = {"bound": 0.1, "registering": 0.2, "sent": 3.0, "received": 9.0, "ready": 10.0}
    text = printed(replace(AS_PROMISED, phases=phases), 80)
    assert f"  extension     |{12 * '='}{24 * '.'}{4 * '='}| 10.0 ms" in text
    unknown = printed(replace(AS_PROMISED, phases={"bound": 0.1}), 80)
    assert "|" not in unknown
    assert "bound 0.1" in unknown


def test_the_report_says_in_one_line_what_went_through() -> None:
    """A charge that failed is none."""
    line = "2 charges went through in 1 environments, with 0 calls to SSM by the function and 1 by"
    assert line in printed(AS_PROMISED, 200)
    assert "\n1 charges went through" in printed(replace(AS_PROMISED, warm=REFUSED), 200)


def test_a_pipe_gets_no_colours() -> None:
    """Escape sequences are for terminals."""
    assert "\x1b" not in printed(AS_PROMISED, 80)


def test_a_failed_payment_is_shown_with_its_reason() -> None:
    """Square brackets in a reason are text, not markup."""
    text = printed(replace(AS_PROMISED, cold=replace(REFUSED, outcome="[Errno 111] refused")), 80)
    assert "no charge: [Errno 111] refused" in text


def test_a_run_without_the_real_core_is_marked_first_and_last() -> None:
    """Whoever reads only one end of the output learns it, and what to do."""
    text = printed(AS_PROMISED, 200, refusal="run as root [1]")
    mark = "Not on AWS's Rapid core"
    assert text.index(mark) < text.index("prod") < text.rindex(mark)
    assert "run as root [1]" in text


def test_a_run_on_the_real_core_is_not_marked() -> None:
    """The mark would be worth nothing otherwise."""
    assert "Not on AWS's Rapid core" not in printed(AS_PROMISED, 200)
