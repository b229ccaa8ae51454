"""The inventory: declarations beside what is stored."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmkey.deploy.secrets.inventory import Row, rows, tell
from warmkey.deploy.secrets.project import Declared
from warmkey.deploy.secrets.stored import Absent, Stored
from warmkey.extension.declared.reference import parse

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def test_a_row_tells_what_is_stored_and_since_when() -> None:
    """In the zone that AWS's answer has."""
    reference = parse("/key/live")
    written = NOW.astimezone(timezone(timedelta(hours=1))) - timedelta(days=3)
    entry = (Stored("/key/live", "SecureString", "7", written),)
    assert list(rows([Declared("prod", "key", reference)], {reference.source: entry}, NOW)) == [
        Row(
            "prod",
            "key",
            "/key/live",
            "SecureString",
            "7",
            "2026-11-18T13:00:00+01:00",
            3 * 86_400,
        )
    ]


def test_a_parameter_written_in_the_future_is_new() -> None:
    """A workstation's clock may be behind."""
    reference = parse("/a")
    entry = (Stored("/a", "String", "1", NOW + timedelta(minutes=1)),)
    [row] = rows([Declared("", "a", reference)], {reference.source: entry}, NOW)
    assert row.age == 0


def test_a_parameter_below_a_path_goes_by_what_its_name_adds() -> None:
    """As handlers call it; where a date is missing, so is the age."""
    reference = parse("ssm:/app/*")
    entry = (Stored("/app/db/password", "SecureString", "1", None),)
    [row] = rows([Declared("dev", "/app/*", reference)], {reference.source: entry}, NOW)
    assert (row.alias, row.modified, row.age) == ("db/password", "", None)


def test_an_absent_row_says_why() -> None:
    """And nothing else."""
    reference = parse("/a")
    [row] = rows([Declared("", "a", reference)], {reference.source: Absent("missing")}, NOW)
    assert row == Row("", "a", "/a", missing="missing")


@pytest.mark.parametrize("text", ["/a?optional=true", "/a?default=b"])
def test_optional_secret_is_marked(text: str) -> None:
    """Unless somebody may not see whether it is."""
    reference = parse(text)
    for reason, optional in (("missing", True), ("denied", False)):
        [row] = rows([Declared("", "a", reference)], {reference.source: Absent(reason)}, NOW)
        assert row == Row("", "a", text, missing=reason, optional=optional)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, ""),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (364 * 86_400, "364 d"),
        (800 * 86_400, "2 y"),
    ],
)
def test_an_age_is_told_in_the_largest_unit(seconds: int | None, told: str) -> None:
    """One that fits at least once."""
    assert tell(seconds) == told


@given(st.integers(0, 10**9))
def test_an_age_is_never_told_as_more_than_it_is(seconds: int) -> None:
    """A key that is about to expire is not called expired."""
    number, unit = tell(seconds).split()
    length = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "y": 365 * 86_400}[unit]
    assert 0 <= seconds - int(number) * length < length
