"""The page on troubleshooting and the messages of the program are in step."""

import re

from tests.docs.messages import NO_MESSAGES, ROOT, everything, messages

PAGE = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
ENTRIES = [
    line
    for block in re.findall(r"^``` {.text .messages}\n(.*?)^```", PAGE, re.M | re.S)
    for line in block.splitlines()
]


def test_every_message_has_an_entry() -> None:
    """Whoever searches the page for what the program printed finds what to do about it."""
    lost = {
        text: place
        for text, place in messages().items()
        if not any(entry in text for entry in ENTRIES)
    }
    assert lost == {}


def test_every_entry_is_a_message() -> None:
    """What the program no longer says is no longer explained."""
    texts = messages()
    assert [entry for entry in ENTRIES if not any(entry in text for text in texts)] == []


def test_no_entry_stands_there_twice() -> None:
    """Or one of the two would be forgotten."""
    assert len(ENTRIES) == len(set(ENTRIES))


def test_headings_that_are_no_message_are_still_in_the_source() -> None:
    """The list of exceptions holds nothing that is gone."""
    assert NO_MESSAGES - everything().keys() == set()
