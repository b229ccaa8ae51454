"""Pages that are files of the repository: read there by whoever has it, and here by all others."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Mirror(NamedTuple):
    """A page that is a file.

    Attributes:
        source: the file's path in the repository.
        listings: files that are shown below its text, by their heading and path.
        title: the page's, for a file that has several of its own.
    """

    source: str
    listings: Mapping[str, str] = {}
    title: str = ""


def _example(language: str, **listings: str) -> Mirror:
    folder = f"handler_example/{language}"
    paths = {path: f"{folder}/{path}" for path in listings.values()}
    return Mirror(f"{folder}/README.md", paths)


_TEMPLATES = (
    "sam/template.yaml",
    "sam/many.yaml",
    "serverless/serverless.yml",
    "cdk/app.py",
    "cdk/warmkey_layer.py",
    "terraform/main.tf",
    "terraform/secrets.tf",
)
_JAVA = "src/main/java/notes"

PAGES = {
    "security.md": Mirror("SECURITY.md"),
    "contributing.md": Mirror("CONTRIBUTING.md"),
    "changelog.md": Mirror("CHANGELOG.md"),
    "measuring/results.md": Mirror("tests/bench/RESULTS.md", title="Measurements"),
    "how/layer.md": Mirror("layer/README.md"),
    "reference/command.md": Mirror("layer/deploy/README.md"),
    "reference/python.md": Mirror("layer/python/README.md"),
    "reference/nodejs.md": Mirror("layer/nodejs/node_modules/warmkey/README.md"),
    "guides/templates.md": Mirror(
        "layer/templates/README.md", {path: f"layer/templates/{path}" for path in _TEMPLATES}
    ),
    "guides/infrastructure.md": Mirror("layer/infrastructure/README.md"),
    "guides/terraform.md": Mirror("layer/terraform/README.md"),
    "languages/python.md": _example("python", config="warmkey.json", code="app.py"),
    "languages/node.md": _example("node", config="warmkey.json", code="app.mjs"),
    "languages/java.md": _example(
        "java", code=f"{_JAVA}/Handler.java", client=f"{_JAVA}/Warmkey.java"
    ),
    "languages/go.md": _example("go", code="main.go", client="warmkey/warmkey.go"),
    "languages/rust.md": _example("rust", code="src/main.rs", client="src/warmkey.rs"),
    "languages/shell.md": _example("shell", code="app.sh", client="warmkey.sh"),
}
"""The pages, by their path below `docs/`."""

COPIES = {
    "reference/openapi.yaml": "layer/openapi.yaml",
    "reference/warmkey.schema.json": "layer/warmkey.schema.json",
}
"""Files that the pages link to as they are."""

_ELSEWHERE = {mirror.source: page for page, mirror in PAGES.items()}
_ELSEWHERE |= {source: copy for copy, source in COPIES.items()} | {"README.md": "index.md"}
_LINK = re.compile(r"\[([^\]\n]*(?:\n[^\]\n]+)?)\]\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)")
_HEADING = re.compile(r"^(#+ )", re.MULTILINE)
_LANGUAGES = {"mjs": "javascript", "rs": "rust", "sh": "bash", "tf": "hcl", "py": "python"}


def as_markdown(page: str) -> str:
    """A page's text: the file's, with links that lead to pages, and the listings.

    Args:
        page: its path below `docs/`.
    """
    mirror = PAGES[page]
    text = (ROOT / mirror.source).read_text("utf-8")
    if mirror.title:  # its headings go one level down
        text = f"# {mirror.title}\n\n" + _HEADING.sub(r"#\1", text)
    listings = (_listing(title, path) for title, path in mirror.listings.items())
    return "\n\n".join((relinked(text, page, mirror.source), *listings))


def relinked(text: str, page: str, source: str) -> str:
    """The text with each relative link led to a page; where there is none, the words alone.

    So a link leads to a file where the repository is read, and to that file's page here.

    Args:
        text: what holds the links.
        page: the page's path below `docs/`.
        source: the path in the repository from which the links lead.
    """

    def lead(link: re.Match[str]) -> str:
        words, target, anchor = link[1], link[2], link[3] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        found = path.removeprefix("docs/") if path.startswith("docs/") else _page_of(path)
        if not found:
            return words
        return f"[{words}]({posixpath.relpath(found, posixpath.dirname(page) or '.')}{anchor})"

    return _LINK.sub(lead, text)


def _page_of(path: str) -> str | None:
    """The page of a file, or of a folder by its README."""
    return _ELSEWHERE.get(path) or _ELSEWHERE.get(f"{path}/README.md")


def _listing(title: str, path: str) -> str:
    suffix = path.rpartition(".")[2]
    code = (ROOT / path).read_text("utf-8").rstrip()
    return f"## `{title}`\n\n```{_LANGUAGES.get(suffix, suffix)}\n{code}\n```"
