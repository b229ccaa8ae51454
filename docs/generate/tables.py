"""`python -m docs.generate.tables`: write what is made from the code into the pages.

It stands in the files, between `<!-- made: NAME -->` and `<!-- /made -->`, so that a page is whole
wherever Markdown is read.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from docs.generate import chaos, command, config, endpoint, pictures, settings, steering
from docs.generate.mirror import ROOT

MADE = {
    "chaos": chaos.as_markdown,
    "commands": command.as_markdown,
    "endpoint": endpoint.as_markdown,
    "members": config.members_as_markdown,
    "official settings": settings.official_as_markdown,
    "pictures": pictures.as_markdown,
    "references": config.references_as_markdown,
    "settings": settings.as_markdown,
    "steering": steering.as_markdown,
}
"""What makes the text of each name."""

MARK = re.compile(r"<!-- made: ([a-z ]+) -->\n.*?<!-- /made -->", re.DOTALL)
"""What is made, with its name, in the text of a page."""


def pages() -> Iterator[Path]:
    """The pages in which something is made."""
    for path in sorted(ROOT.joinpath("docs").rglob("*.md")):
        if "<!-- made: " in path.read_text("utf-8"):
            yield path


def filled(text: str) -> str:
    """The text of a page with everything in it made anew.

    Raises:
        KeyError: Nothing is made under a name.
    """

    def made(mark: re.Match[str]) -> str:
        return f"<!-- made: {mark[1]} -->\n\n{MADE[mark[1]]().strip()}\n\n<!-- /made -->"

    return MARK.sub(made, text)


def main() -> None:
    """Write it, and print the pages that were different."""
    for path in pages():
        text = path.read_text("utf-8")
        if (made := filled(text)) != text:
            path.write_text(made, "utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
