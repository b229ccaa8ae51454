"""What the daemon says of itself."""

import json
from collections.abc import Generator, Mapping
from itertools import pairwise
from typing import Any

import pytest

from extension import VERSION
from extension.cache.cache import Cache
from extension.declared.declarations import Declarations
from extension.declared.reference import Reference, parse
from extension.endpoint.status import status
from extension.http.failure import Failed, Kind
from extension.run.start.phases import Phases
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.responses.outcome import Found, Listing
from tests.fakes.trace import untraced

Report = Generator[None, None, str]
T = 1_700_000_000.0
A, B, PATH = Parameter("/a"), Parameter("/b"), ParameterPath("/app")
BY_ALIAS = Declarations("prod", {"KEY": Reference(A), "USER": Reference(A, "user")})
BY_PATH = Declarations("prod", {}, (Reference(PATH),))
SLOW = Failed(Kind.TIMEOUT, "no answer in time")


def value(name: str, text: str = "canary", version: str = "1") -> Found:
    """A value upstream."""
    return Found(name, text, version, "SecureString", "arn", T)


def listing(**members: Found) -> Listing:
    """Everything below `/app`."""
    return Listing(PATH.name, {name.replace("_", "/"): each for name, each in members.items()})


def cache(declarations: Declarations) -> Cache:
    """An empty one for these declarations."""
    return Cache(lambda _: 300, 3600, 5, pinned=(each.source for each in declarations.all()))


class Counted(dict[str, Found]):
    """Members of a path, which count how many of them were looked at."""

    looked_at = 0

    def items(self) -> Any:
        """The members, one after the other."""
        for item in super().items():
            self.looked_at += 1
            yield item


def report(
    declarations: Declarations, held: Cache, age: float = 0, *, authenticated: bool = True
) -> Report:
    """Begin to tell the status, so many seconds after `T`."""
    start = Phases(lambda: 0.0, T, untraced).report()
    now = T + age
    return status.report(declarations, held, start, {}, "ready", now, authenticated=authenticated)


def whole(report: Report) -> Any:
    """The status, however many steps it takes."""

    def run() -> Generator[None, None, None]:
        texts.append((yield from report))

    texts: list[str] = []
    for _ in run():
        pass
    assert "canary" not in texts[0]
    return json.loads(texts[0])


def secrets(declarations: Declarations, held: Cache, age: float = 0) -> Any:
    """What the status says of each alias, so many seconds after `T`."""
    return whole(report(declarations, held, age))["secrets"]


def about(
    name: str, state: str, age: float | None, version: str | None, failed: Failed | None
) -> Any:
    """What the status says of one alias to who has shown the token."""
    return {
        "name": name,
        "state": state,
        "age": age,
        "version": version,
        "arn": "arn" if version else None,
        "error": failed.detail if failed else None,
        "errorKind": failed.kind.value if failed else None,
    }


def missing(declarations: Declarations, held: Cache) -> Mapping[str, str]:
    """Why which aliases can't be had."""
    return {alias: failed.detail for alias, failed in status.missing(declarations, held)}


def test_the_daemon_tells_its_version_state_stage_phases_and_counters() -> None:
    """Phases in milliseconds, with two decimals."""
    counters, times = {"reads": 2}, iter([0.0, 0.000123456, 0.001, 0.0023, 0.0051, 0.015])
    phases = Phases(lambda: next(times), T, untraced)
    phases.mark("bound")
    call = phases.call("ssm", "GetParameters")
    call.mark("sent")
    call.answered(200)
    phases.mark("ready")
    empty = Declarations("", {})
    assert whole(
        status.report(
            empty, cache(empty), phases.report(), counters, "starting", T, authenticated=False
        )
    ) == {
        "version": VERSION,
        "state": "starting",
        "stage": None,
        "startedAt": T,
        "phases": {"bound": 0.12, "ready": 15.0},
        "calls": [
            {
                "service": "ssm",
                "action": "GetParameters",
                "status": 200,
                "phases": {"began": 1.0, "sent": 2.3, "received": 5.1},
            }
        ],
        "counters": {"reads": 2},
        "cache": {"entries": 0, "bytes": 0, "maxBytes": 16777216},
        "secrets": {},
    }


@pytest.mark.parametrize(
    ("age", "state"), [(0, "fresh"), (239.9, "fresh"), (240, "due"), (300, "expired")]
)
def test_a_held_value_has_a_state_by_its_age(age: float, state: str) -> None:
    """Each alias of it the same."""
    held = cache(BY_ALIAS)
    held.store(A, value("/a"), T)
    told = about("/a", state, age, "1", None)
    assert secrets(BY_ALIAS, held, age) == {"KEY": told, "USER": told}


def test_a_value_that_is_not_held_is_missing() -> None:
    """With the last error, if there was one."""
    held = cache(BY_ALIAS)
    assert secrets(BY_ALIAS, held)["KEY"] == about("/a", "missing", None, None, None)
    held.store(A, SLOW, T)
    assert secrets(BY_ALIAS, held)["KEY"] == about("/a", "missing", None, None, SLOW)


def test_a_value_that_could_not_be_refreshed_tells_the_error_beside_its_age() -> None:
    """It is still held."""
    held = cache(BY_ALIAS)
    held.store(A, value("/a"), T)
    held.store(A, SLOW, T + 250)
    assert secrets(BY_ALIAS, held, 250)["KEY"] == about("/a", "due", 250, "1", SLOW)


def test_a_value_that_is_refused_for_good_is_missing() -> None:
    """With the reason."""
    held = cache(BY_ALIAS)
    denied = Failed(Kind.DENIED, "you may not")
    held.store(A, denied, T)
    assert secrets(BY_ALIAS, held)["KEY"] == about("/a", "missing", None, None, denied)


def test_a_status_without_the_token_tells_no_name_and_no_message() -> None:
    """But the state of each alias, and the kind of its last error."""
    both = Declarations("", {"KEY": Reference(A), "OTHER": Reference(B)}, (Reference(PATH),))
    held = cache(both)
    held.store(A, value("/a"), T)
    held.store(B, Failed(Kind.DENIED, "role/billing may not read arn:aws:ssm:eu:1:b"), T)
    told = whole(report(both, held, authenticated=False))["secrets"]
    assert told == {
        "KEY": {"state": "fresh", "age": 0, "errorKind": None},
        "OTHER": {"state": "missing", "age": None, "errorKind": "denied"},
        "path 1": {"state": "missing", "age": None, "errorKind": None},
    }


def test_a_clock_that_jumps_back_shows_no_age_below_zero() -> None:
    """The value counts as just fetched."""
    held = cache(BY_ALIAS)
    held.store(A, value("/a"), T)
    assert secrets(BY_ALIAS, held, -100)["KEY"] == about("/a", "fresh", 0, "1", None)


def test_a_path_is_told_by_its_members() -> None:
    """Each with its own name and version, and the age of the path's reading."""
    held = cache(BY_PATH)
    held.store(PATH, listing(key=value("/app/key"), db_user=value("/app/db/user", "x", "7")), T)
    assert secrets(BY_PATH, held, 10) == {
        "key": about("/app/key", "fresh", 10, "1", None),
        "db/user": about("/app/db/user", "fresh", 10, "7", None),
    }


def test_a_path_that_was_not_read_is_told_by_itself() -> None:
    """And so is one without members."""
    held = cache(BY_PATH)
    held.store(PATH, SLOW, T)
    assert secrets(BY_PATH, held) == {"/app/*": about("/app", "missing", None, None, SLOW)}
    held.store(PATH, listing(), T)
    assert secrets(BY_PATH, held) == {"/app/*": about("/app", "missing", None, None, None)}


def test_each_step_of_a_status_of_many_secrets_tells_few() -> None:
    """So that nobody waits long while others are told all of them."""
    members = Counted({str(number): value(f"/app/{number}") for number in range(1_000)})
    held = cache(BY_PATH)
    held.store(PATH, Listing(PATH.name, members), T)
    counts = [0, *(members.looked_at for _ in report(BY_PATH, held)), members.looked_at]
    assert max(after - before for before, after in pairwise(counts)) <= 100
    assert len(secrets(BY_PATH, held)) == 1_000


def test_an_alias_of_its_own_wins_over_a_path_s_member() -> None:
    """As it does for readers; of two paths, the first wins."""
    other = ParameterPath("/other")
    both = Declarations("", {"key": Reference(A)}, (Reference(PATH), Reference(other)))
    held = cache(both)
    held.store(A, value("/a"), T)
    held.store(PATH, listing(key=value("/app/key"), two=value("/app/two")), T)
    held.store(other, Listing("/other", {"two": value("/other/two")}), T)
    told = secrets(both, held)
    assert {alias: each["name"] for alias, each in told.items()} == {"key": "/a", "two": "/app/two"}


def test_held_secret_is_not_missing() -> None:
    """However old it is."""
    held = cache(BY_ALIAS)
    held.store(A, value("/a", '{"user": "canary"}'), T)
    held.store(A, SLOW, T + 1000)
    assert missing(BY_ALIAS, held) == {}


def test_unavailable_secret_is_missing_with_the_reason() -> None:
    """The last error, or that it was late."""
    held = cache(BY_ALIAS)
    late = "it had not arrived when the prefetch timed out"
    assert missing(BY_ALIAS, held) == {"KEY": late, "USER": late}
    held.store(A, Failed(Kind.DENIED, "you may not"), T)
    assert missing(BY_ALIAS, held) == {"KEY": "you may not", "USER": "you may not"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("canary", "/a is not JSON, so it has no field user"),
        ('{"name": "canary"}', "the JSON of /a has no field user"),
    ],
)
def test_a_field_that_is_not_there_is_missing(text: str, reason: str) -> None:
    """Though its parameter is there, whose other alias has a value."""
    held = cache(BY_ALIAS)
    held.store(A, value("/a", text), T)
    assert missing(BY_ALIAS, held) == {"USER": reason}


def test_a_path_that_can_t_be_had_is_missing_by_itself() -> None:
    """And a field by the member that lacks it."""
    with_field = Declarations("", {}, (parse("/app/*#user"),))
    held = cache(with_field)
    held.store(PATH, Failed(Kind.DENIED, "you may not"), T)
    assert missing(with_field, held) == {"/app/*": "you may not"}
    held.store(PATH, listing(a=value("/app/a", '{"user": "x"}'), b=value("/app/b", "x")), T)
    assert missing(with_field, held) == {"b": "/app/b is not JSON, so it has no field user"}
