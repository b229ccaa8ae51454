"""What MkDocs calls while it builds the documentation."""

import re
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "layer/python")]

from docs.generate import mirror  # noqa: E402 - it is found there

_MARK = re.compile(r"<!-- /?made.*? -->\n")
_CELL = re.compile(r"<td>.*?</td>", re.DOTALL)
_CODE = re.compile(r"<code>[^<]*</code>")
_JOINT = re.compile(r"(?<=\w)(?:_|/|::)(?=\w)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are files of the repository."""
    for page in mirror.PAGES:
        files.append(File.generated(config, page, content=mirror.as_markdown(page)))
    for copy, source in mirror.COPIES.items():
        files.append(File.generated(config, copy, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_rest: object) -> str:
    """Lead links to files to their pages, and leave out the marks of `tables`."""
    path = page.file.src_uri
    return _MARK.sub("", mirror.relinked(markdown, path, f"docs/{path}"))


def on_page_content(html: str, **_rest: object) -> str:
    """Let long names in tables break after their joints, and not within a word."""
    return _CELL.sub(lambda cell: _CODE.sub(_breakable, cell[0]), html)


def _breakable(code: re.Match[str]) -> str:
    return "<code>" + _JOINT.sub(r"\g<0><wbr>", code[0][6:-7]) + "</code>"
