"""What is made from the code stands in the documentation's pages, as it would be made now."""

from pathlib import Path

import pytest

from docs.generate import tables
from docs.generate.mirror import ROOT


@pytest.mark.parametrize("page", [*tables.pages()], ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_holds_what_would_be_made_now(page: Path) -> None:
    """So it is whole on GitHub, too; `make tables` writes it."""
    text = page.read_text("utf-8")
    assert text.count("<!-- made: ") == len(tables.MARK.findall(text)), "a mark has no end"
    assert tables.filled(text) == text, "run `make tables`"


def test_everything_that_can_be_made_stands_in_one_page() -> None:
    """Nothing is made for nobody, and nothing stands twice."""
    names = [name for page in tables.pages() for name in tables.MARK.findall(page.read_text())]
    assert sorted(names) == sorted(tables.MADE)


def test_what_was_changed_by_hand_is_made_anew() -> None:
    """Between its marks alone."""
    text = "before\n<!-- made: members -->\n\nby hand\n\n<!-- /made -->\nafter\n"
    filled = tables.filled(text)
    assert "by hand" not in filled
    assert "| `stages` |" in filled
    assert (filled[:7], filled[-7:]) == ("before\n", "\nafter\n")
