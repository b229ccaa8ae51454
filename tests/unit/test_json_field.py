"""One field of a JSON value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.endpoint.json_field import extract
from extension.http.failure import Failed
from tests.unit.supplied import value

NESTED = value(
    '{"user": "me", "port": 5432, "tls": {"on": true, "": "x"}, "hosts": ["a"], "n": null}'
)
scalars = st.none() | st.booleans() | st.integers() | st.text()


@pytest.mark.parametrize("held", ["text", '{"user": "me"}', "", b"\0\xff"])
def test_without_a_field_it_is_the_value_itself(held: str | bytes) -> None:
    """JSON or not."""
    assert extract(value(held), ()) == held


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (("user",), "me"),
        (("port",), "5432"),
        (("tls", "on"), "true"),
        (("tls",), '{"on":true,"":"x"}'),
        (("hosts",), '["a"]'),
        (("n",), "null"),
    ],
)
def test_a_field_is_text_as_it_is_and_anything_else_as_json(
    field: tuple[str, ...], expected: str
) -> None:
    """However deep it lies."""
    assert extract(NESTED, field) == expected


def test_a_binary_value_may_hold_json_too() -> None:
    """In UTF-8."""
    assert extract(value('{"user": "mé"}'.encode()), ("user",)) == "mé"


@pytest.mark.parametrize(
    "field", [("User",), ("tls", "off"), ("user", "name"), ("hosts", "0"), ("n", "x")]
)
def test_a_field_that_is_not_there_is_missing(field: tuple[str, ...]) -> None:
    """It is named, and nothing of the value is."""
    failed = extract(NESTED, field)
    assert failed == Failed(
        "missing",
        f"the JSON of /a has no field {'.'.join(field)}",
        "correct the part of the reference after #",
    )


@pytest.mark.parametrize("held", ["canary", "", '{"canary"', b"\xff"])
def test_a_value_that_is_no_json_has_no_fields(held: str | bytes) -> None:
    """It is not shown."""
    failed = extract(value(held), ("user",))
    assert failed == Failed(
        "missing",
        "/a is not JSON, so it has no field user",
        "store JSON there, or leave #field out of the reference",
    )


def test_half_a_surrogate_pair_is_no_text() -> None:
    """JSON can spell it, but UTF-8 can't; within other JSON it stays spelled out."""
    held = value(r'{"a": "\ud800", "b": ["\udfff"]}')
    assert extract(held, ("a",)) == Failed(
        "missing", "the field a of /a contains half a surrogate pair"
    )
    assert extract(held, ("b",)) == r'["\udfff"]'


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", '{"b": [NaN]}'])
def test_a_number_that_json_lacks_has_no_text(number: str) -> None:
    """Many parsers take it; what goes out is JSON."""
    found = extract(value(f'{{"a": {number}}}'), ("a",))
    assert found == Failed(
        "missing", "the field a of /a contains a number that JSON does not allow"
    )


@given(st.dictionaries(st.text(min_size=1), scalars, min_size=1))
def test_each_field_is_found(fields: dict[str, Any]) -> None:
    """Whatever its name."""
    held = value(json.dumps(fields))
    for name, expected in fields.items():
        found = extract(held, (name,))
        assert isinstance(found, str)
        assert found == expected if isinstance(expected, str) else json.loads(found) == expected
