"""Sources of what the documentation says of others: which should be looked up again.

$ python -m docs.generate.sources
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from datetime import datetime as moment
from pathlib import Path

PAGE = Path(__file__).parents[1] / "sources.md"
_ROW = re.compile(r"\| <(?P<url>https://[^>]+)> \| (?P<what>.+?) \|.*\| (?P<date>[\w-]+) \|")
_YEAR = timedelta(days=365)
_NEVER = "never"


@dataclass(frozen=True, slots=True)
class Source:
    """One source.

    Attributes:
        url: Where it is.
        what: What is taken from it.
        looked_up: When somebody last did; None for never.
    """

    url: str
    what: str
    looked_up: date | None


def sources(text: str) -> Iterator[Source]:
    """The sources in the page's table.

    Args:
        text: The page's.

    Raises:
        ValueError: A date is none.
    """
    for found in _ROW.finditer(text):
        when = None if found["date"] == _NEVER else date.fromisoformat(found["date"])
        yield Source(found["url"], found["what"], when)


def due(text: str, today: date) -> list[Source]:
    """Those that were not looked up within a year, the oldest first; never comes before.

    Args:
        text: The page's.
        today: The day.
    """
    old = [s for s in sources(text) if not s.looked_up or today - s.looked_up > _YEAR]
    return sorted(old, key=lambda source: source.looked_up or date.min)


def main() -> None:
    """List them."""
    for source in due(PAGE.read_text("utf-8"), moment.now(timezone.utc).date()):
        print(f"{source.looked_up or _NEVER:<10}  {source.url}: {source.what}")  # noqa: T201


if __name__ == "__main__":
    main()
