"""What the documentation says of others can be checked again: docs/sources.md."""

import re
import subprocess
from datetime import date

from docs.generate import sources, tables
from docs.generate.mirror import ROOT

TEXT = sources.PAGE.read_text("utf-8")
URL = re.compile(r"https://[^\s)>\"'|`\]]+")
OUR_OWN = ("https://…", "https://vpce-", "https://keepachangelog", "https://semver.org")
"""Addresses that are examples, or say nothing of others."""

TABLE = """\
| <https://example.com/a> | what | where | 1.0 | 2025-01-01 |
| <https://example.com/b> | what | where | | 2025-06-01 |
| <https://example.com/c> | what | where | | never |
"""


def test_every_source_that_a_page_links_is_listed() -> None:
    """With what is taken from it, and when somebody last looked.

    What is made from the code has its sources there.
    """
    listed = {each.url.rstrip("/") for each in sources.sources(TEXT)}
    command = ["git", "ls-files", "*.md"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    found = {
        url.partition("#")[0].rstrip("/.,;")
        for file in files.stdout.split()
        if file not in ("CHANGELOG.md", "docs/sources.md")
        for url in URL.findall(tables.MARK.sub("", (ROOT / file).read_text("utf-8")))
        if not url.startswith(OUR_OWN)
    }
    assert len(found) > 10
    assert sorted(found - listed) == []


def test_each_row_of_the_table_is_a_source() -> None:
    """None is left out for its form."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| <")]
    assert len(list(sources.sources(TEXT))) == len(rows)


def test_source_is_due_after_a_year() -> None:
    """What nobody ever looked up comes first."""
    due = sources.due(TABLE, date(2026, 6, 1))
    assert [each.url[-1] for each in due] == ["c", "a"]
    assert [each.url[-1] for each in sources.due(TABLE, date(2026, 6, 2))] == ["c", "a", "b"]
