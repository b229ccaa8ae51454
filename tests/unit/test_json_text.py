"""JSON text, and errors that show none of it."""

import json
import math
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
def test_what_is_encoded_is_decoded_to_the_same(value: Any) -> None:
    """Round trip."""
    assert json_text.decode(json_text.encode(value)) == value


@given(nearly_json | st.text())
def test_any_text_is_decoded_as_json_decodes_it(text: str) -> None:
    """To the same value, or not at all."""
    try:
        expected = json.loads(text)
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
def test_what_is_no_json_is_refused_without_showing_it(text: str, message: str) -> None:
    """It may be a secret, so neither the message nor the chain of causes holds any of it."""
    with pytest.raises(MalformedJson) as refused:
        json_text.decode(text)
    assert str(refused.value) == message
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_without_a_json_form_is_refused(value: float) -> None:
    """Unlike `json`, which would write what other parsers refuse."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text.encode([value])


def test_an_object_without_a_json_form_is_refused_by_its_type() -> None:
    """What it holds is not shown."""
    with pytest.raises(TypeError, match=r"^Object of type bytes is not JSON serializable$"):
        json_text.encode({"a": b"canary"})
