"""What the daemon says of itself."""

import json

import pytest

from extension import VERSION
from extension.cache import Cache
from extension.declarations import Declarations
from extension.outcome import Failed
from extension.phases import Phases
from extension.reference import parse
from extension.status import report
from tests.unit.supplied import value

T = 1_700_000_000
A, FIELD, MISSING = parse("/a"), parse("/a#user"), parse("secretsmanager:db")
NO_PHASES = Phases(lambda: 0.0, T)
DECLARATIONS = Declarations("prod", {"A": A, "B": FIELD, "C": MISSING})


@pytest.fixture
def cache() -> Cache:
    """One that holds the value of `A` and `B`, fetched at T with a TTL of 300 seconds."""
    cache = Cache(lambda _: 300, 3600, 5, pinned=[A.source, MISSING.source])
    cache.settle(A.source, value("canary", "7"), T)
    return cache


def secrets(cache: Cache, now: float) -> dict[str, dict[str, object]]:
    """What the status says of each alias."""
    body = json.dumps(report(DECLARATIONS, cache, NO_PHASES, {}, "ready", now))
    assert "canary" not in body
    told: dict[str, dict[str, object]] = json.loads(body)["secrets"]
    return told


def test_the_status_tells_version_state_stage_phases_and_counters(cache: Cache) -> None:
    """Phases in ms, to a hundredth."""
    times = iter([0.0, 0.0003456])
    phases = Phases(lambda: next(times), T)
    phases.mark("bound")
    status = report(DECLARATIONS, cache, phases, {"reads": 2}, "starting", T)
    assert (status["version"], status["state"]) == (VERSION, "starting")
    assert status["stage"] == "prod"
    assert status["phases"] == {"bound": 0.35}
    assert status["counters"] == {"reads": 2}


def test_no_stage_is_null(cache: Cache) -> None:
    """Rather than an empty one."""
    assert report(Declarations("", {}), cache, NO_PHASES, {}, "ready", T)["stage"] is None


@pytest.mark.parametrize(
    ("age", "state"), [(0, "fresh"), (239.94, "fresh"), (240, "due"), (300, "expired")]
)
def test_each_alias_tells_its_state_age_and_version(cache: Cache, age: float, state: str) -> None:
    """By its declared name, to a tenth of a second; never its value."""
    told = {"name": "/a", "state": state, "age": round(age, 1), "version": "7", "error": None}
    assert secrets(cache, T + age)["A"] == secrets(cache, T + age)["B"] == told


def test_an_alias_that_was_never_had_is_missing(cache: Cache) -> None:
    """With nothing else to tell."""
    assert secrets(cache, T)["C"] == {
        "name": "db",
        "state": "missing",
        "age": None,
        "version": None,
        "error": None,
    }


def test_the_last_error_is_told(cache: Cache) -> None:
    """Of a name that was refused, and of a value that could not be refreshed."""
    cache.settle(MISSING.source, Failed("denied", "you may not"), T)
    cache.settle(A.source, Failed("timeout", "no answer"), T + 250)
    told = secrets(cache, T + 250)
    assert (told["C"]["state"], told["C"]["error"]) == ("missing", "you may not")
    assert (told["A"]["state"], told["A"]["error"]) == ("due", "no answer")


def test_a_clock_that_jumps_back_shows_no_age_below_zero(cache: Cache) -> None:
    """The value counts as just fetched."""
    assert secrets(cache, T - 100)["A"]["age"] == 0
