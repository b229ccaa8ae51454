"""JSON text, and errors that show none of it."""

import json
import math
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http import json_text
from extension.http.json_text import MalformedJson

finite = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers() | finite | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
spaces = st.text(" \t\r\n", max_size=3)
nearly_json = st.text('{}[]":,.0123456789eE+-\\ \ntruefalsnu/\ufeff\x00', max_size=30)


@given(values)
def test_encoded_value_is_decoded_to_the_same(value: Any) -> None:
    """Round trip."""
    assert json_text.decode(json_text.encode(value)) == value


@given(nearly_json | st.text())
def test_any_text_is_decoded_as_json_decodes_it(text: str) -> None:
    """To the same value, or not at all; a byte order mark before it is ignored."""
    try:
        expected = json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        with pytest.raises(MalformedJson):
            json_text.decode(text)
    else:
        # NaN, which `json` takes too, is not equal to itself.
        assert repr(json_text.decode(text)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON at character 0"),
        ("  ", "not JSON at character 2"),
        ("canary", "not JSON at character 0"),
        ('{"a": canary}', "not JSON at character 6"),
        ('["canary\n"]', "not JSON at character 8"),
        ('"canary', "not JSON at character 0"),
        ('{"canary": 1', "not JSON at character 12"),
        ('"a" "canary"', "text after the JSON value, at character 4"),
        ("[" * 100_000 + '"canary"', "JSON nested too deeply"),
        ("1" * 5000, "JSON with a number of too many digits"),
    ],
)
def test_invalid_json_is_refused_without_showing_it(text: str, message: str) -> None:
    """It may be a secret, so neither the message nor the chain of causes holds any of it."""
    with pytest.raises(MalformedJson) as refused:
        json_text.decode(text)
    assert str(refused.value) == message
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("level", ["[", '{"a":'])
def test_json_may_nest_a_hundred_levels_deep(level: str) -> None:
    """And no deeper: the parser's own limit is beyond what a small stack holds."""
    ends = {"[": "]", '{"a":': "}"}
    json_text.decode(level * 100 + "1" + ends[level] * 100)
    with pytest.raises(MalformedJson, match=r"^JSON nested too deeply$"):
        json_text.decode(level * 101 + "1" + ends[level] * 101)


@pytest.mark.parametrize(
    "text", ['"' + "[" * 500 + '"', '"' + r"\"{" * 500 + '"', "[" + "[]," * 500 + "1]"]
)
def test_brackets_that_do_not_nest_are_no_nesting(text: str) -> None:
    """Those in a string, and those that are closed."""
    assert json_text.decode(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ["[" * 10_000 + "]" * 10_000, '{"a":' * 4000, "[" * 20_000, "[" * 200 + '"' + r"\"" * 10_000],
)
def test_a_small_stack_is_enough_for_any_text(text: str) -> None:
    """20 KB of brackets used to end the process."""
    outcomes: list[str] = []

    def decode() -> None:
        try:
            json_text.decode(text)
        except MalformedJson as error:
            outcomes.append(str(error))

    before = threading.stack_size(256 * 1024)
    thread = threading.Thread(target=decode)
    try:
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert outcomes == ["JSON nested too deeply"]


def test_a_number_may_keep_its_own_text() -> None:
    """Where a function takes it."""
    text = '[1.10, 1E5, 12345678901234567890.5, -0, 1e400, NaN, "1"]'
    taken = json_text.decode(text, lambda written: f"<{written}>")
    assert taken == ["<1.10>", "<1E5>", "<12345678901234567890.5>", "<-0>", "<1e400>", "<NaN>", "1"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_without_a_json_form_is_refused(value: float) -> None:
    """Unlike `json`, which would write what other parsers refuse."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text.encode([value])


def test_an_object_without_a_json_form_is_refused_by_its_type() -> None:
    """What it holds is not shown."""
    with pytest.raises(TypeError, match=r"^Object of type bytes is not JSON serializable$"):
        json_text.encode({"a": b"canary"})
