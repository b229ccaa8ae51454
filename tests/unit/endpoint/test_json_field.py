"""One field of a JSON value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.endpoint.json_field import extract
from extension.http.failure import Failed, Kind
from tests.fakes.supplied import value

NESTED = value(
    '{"user": "me", "port": 5432, "tls": {"on": true, "": "x"}, "hosts": ["a"], "n": null}'
)
scalars = st.none() | st.booleans() | st.integers() | st.text()


@pytest.mark.parametrize("held", ["text", '{"user": "me"}', "", b"\0\xff"])
def test_value_without_a_field_is_itself(held: str | bytes) -> None:
    """JSON or not."""
    assert extract(value(held), "") == held


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("user", "me"),
        ("port", "5432"),
        ("tls.on", "true"),
        ("tls.", "x"),
        ("tls", '{"on":true,"":"x"}'),
        ("hosts", '["a"]'),
        ("n", "null"),
    ],
)
def test_a_field_is_text_as_it_is_and_anything_else_as_json(field: str, expected: str) -> None:
    """However deep it lies."""
    assert extract(NESTED, field) == expected


def test_a_binary_value_may_hold_json_too() -> None:
    """In UTF-8."""
    assert extract(value('{"user": "mé"}'.encode()), "user") == "mé"


@pytest.mark.parametrize(
    "field",
    ["User", "tls.off", "user.name", "hosts.0", "n.x", ".", "/", "/tls/off", "/user/0", "/n/x"],
)
def test_a_field_that_is_not_there_is_missing(field: str) -> None:
    """It is named, and nothing of the value is."""
    failed = extract(NESTED, field)
    assert failed == Failed(
        Kind.MISSING,
        f"the JSON of /a has no field {field}",
        "correct the part of the reference after #",
    )


@pytest.mark.parametrize("held", ["canary", "", '{"canary"', b"\xff"])
def test_a_value_that_is_no_json_has_no_fields(held: str | bytes) -> None:
    """It is not shown."""
    failed = extract(value(held), "user")
    assert failed == Failed(
        Kind.INVALID,
        "/a is not JSON, so it has no field user",
        "store JSON there, or leave #field out of the reference",
    )


def test_half_a_surrogate_pair_is_no_text() -> None:
    """JSON can spell it, but UTF-8 can't; within other JSON it stays spelled out."""
    held = value(r'{"a": "\ud800", "b": ["\udfff"]}')
    assert extract(held, "a") == Failed(
        Kind.INVALID, "the field a of /a contains half a surrogate pair"
    )
    assert extract(held, "b") == r'["\udfff"]'


@pytest.mark.parametrize("number", ["NaN", "-Infinity", '{"b": [NaN]}'])
def test_a_number_that_json_lacks_has_no_text(number: str) -> None:
    """Many parsers take it; what goes out is JSON."""
    found = extract(value(f'{{"a": {number}}}'), "a")
    assert found == Failed(
        Kind.INVALID, "the field a of /a contains a number that JSON does not allow"
    )


@given(st.dictionaries(st.text(min_size=1), scalars, min_size=1))
def test_each_field_is_found(fields: dict[str, Any]) -> None:
    """Whatever its name."""
    held = value(json.dumps(fields))
    for name, expected in fields.items():
        found = extract(held, name)
        assert isinstance(found, str)
        assert found == expected if isinstance(expected, str) else json.loads(found) == expected


DOTTED = value('{"a.b": "key", "a": {"b": "path", "c.d": "x"}, ".npmrc": "file", "a..b": "twice"}')


@pytest.mark.parametrize(
    ("field", "expected"),
    [("a.b", "key"), (".npmrc", "file"), ("a..b", "twice"), ("/a/b", "path"), ("/a/c.d", "x")],
)
def test_a_key_that_stands_as_it_is_written_comes_first(field: str, expected: str) -> None:
    """Before the path that its dots could mean; a JSON Pointer reaches that, too."""
    assert extract(DOTTED, field) == expected


# The examples of RFC 6901 §5, and lists within lists.
POINTED = value(
    r'{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, '
    r'"k\"l": 6, " ": 7, "m~n": 8, "deep": [[1.50, {"x": "y"}]], "0": "key"}'
)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/foo", '["bar","baz"]'),
        ("/foo/0", "bar"),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        ("/i\\j", "5"),
        ('/k"l', "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
        ("/deep/0/1/x", "y"),
        ("/deep/0", '[1.50,{"x":"y"}]'),
        ("/0", "key"),
    ],
)
def test_a_json_pointer_leads_to_its_field(pointer: str, expected: str) -> None:
    """RFC 6901."""
    assert extract(POINTED, pointer) == expected


@pytest.mark.parametrize(
    "pointer",
    [
        "/foo/2",
        "/foo/-",
        "/foo/00",
        "/foo/-1",
        "/foo/\N{ARABIC-INDIC DIGIT ZERO}",
        "/foo/ 1",
        "/m~n",
        "/m~2n",
        "/foo/0/x",
        "/foo/" + "1" * 5000,
    ],
)
def test_a_json_pointer_that_leads_nowhere_is_missing(pointer: str) -> None:
    """Beyond an array, past its end, or by an escape that there is not."""
    failed = extract(POINTED, pointer)
    assert isinstance(failed, Failed)
    assert failed.kind == "missing"
    assert len(failed.detail) < 300


@pytest.mark.parametrize(
    "number",
    ["1.10", "1E5", "12345678901234567890.5", "12345678901234567890", "-0", "1e400", "1" * 5000],
)
def test_a_number_is_its_own_text(number: str) -> None:
    """Alone and within other JSON."""
    held = value(f'{{"a": {number}, "b": [{number}, "{number}"]}}')
    assert extract(held, "a") == number
    assert extract(held, "b") == f'[{number},"{number}"]'


def test_a_byte_order_mark_is_no_error() -> None:
    """Editors on Windows write one."""
    assert extract(value('\ufeff{"user": "me"}'), "user") == "me"
    assert extract(value('\ufeff{"user": "me"}'.encode()), "user") == "me"


def test_json_that_nests_too_deeply_has_no_fields() -> None:
    """Rather than a thread no stack."""
    failed = extract(value('{"a": ' + "[" * 10_000 + "]" * 10_000 + "}"), "a")
    assert isinstance(failed, Failed)
    assert "is not JSON" in failed.detail
