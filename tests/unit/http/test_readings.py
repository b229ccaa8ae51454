"""Readings of a text: what it says where escapes in it are undone, and where that stands."""

import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.readings import readings

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

ESCAPES: list[Callable[[str], str]] = [
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    html.escape,
    lambda text: quote(text, safe=""),
]


def read(text: str) -> list[str]:
    """The texts of its readings."""
    return [reading.text for reading in readings(text)]


def test_a_text_without_escapes_has_one_reading() -> None:
    """Itself."""
    assert read("as it stands") == ["as it stands"]


@pytest.mark.parametrize(
    "text",
    [
        "a%20b",
        "a+b",
        r"a\u0020b",
        r"a\x20b",
        r"a\U00000020b",
        "a&#32;b",
        "a&#x20;b",
        "a%2520b",
        r"a\\u0020b",
        "a&amp;#32;b",
        "a%26%2332;b",
    ],
)
def test_an_escape_is_undone_and_one_within_it(text: str) -> None:
    """Of URLs, JSON, Python and HTML."""
    assert "a b" in read(text)


@given(TEXTS)
def test_unescaped_text_is_among_the_readings(text: str) -> None:
    """Once, or twice."""
    for escape in ESCAPES:
        assert text in read(escape(text))
        assert text in read(escape(escape(text)))
    assert text in read(quote_plus(text))


@given(st.text("ab%2&#;\\u0+éx", max_size=40))
def test_each_character_of_a_reading_stands_somewhere(text: str) -> None:
    """In their order, so that what is between two of them is what was read."""
    for reading in readings(text):
        assert len(reading.spans) == len(reading.text)
        assert all(0 <= start < end <= len(text) for start, end in reading.spans)
        assert list(reading.spans) == sorted(reading.spans)
        for changed in (reading.printed(), reading.squeezed()):
            assert len(changed.spans) == len(changed.text)
            assert changed.text.isprintable()
        assert " " not in reading.squeezed().text


@pytest.mark.parametrize("text", ["%", "%4", "%zz", "&#;", "&#x;", "&nothing;", "\\", "&#1114112;"])
def test_invalid_escape_is_left_as_it_is(text: str) -> None:
    """Or is nothing at all."""
    assert read(text)[0] == text
