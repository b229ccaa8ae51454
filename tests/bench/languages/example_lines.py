"""How many lines of an example deal with Warmkey."""

from collections.abc import Iterator
from pathlib import Path

_SOURCES = {".py", ".js", ".mjs", ".cjs", ".ts", ".java", ".go", ".rs", ".sh", ""}
_NOT_OURS = {"node_modules", "target", "build"}
_HASH = {".py", ".sh", ""}  # where `#` begins a comment


def warmkey_lines(example: Path) -> str:
    """Lines of code, without comments and blank lines.

    Returns:
        Those of the function that name Warmkey; and, with a plus, those of the file or files that
        are there for nothing else, and are copied: their name is Warmkey's.
    """
    named = copied = 0
    for source in _sources(example):
        lines = list(code(source.read_text(encoding="utf-8"), source.suffix))
        if source.stem.lower() == "warmkey":
            copied += len(lines)
        else:
            named += sum("warmkey" in line.lower() for line in lines)
    return f"{named} + {copied}" if copied else str(named)


def code(text: str, suffix: str) -> Iterator[str]:
    """The lines that are neither blank nor a comment of their own."""
    comment = ("#",) if suffix in _HASH else ("//", "/*", "* ", "*/")
    for line in map(str.strip, text.splitlines()):
        if line and line != "*" and not line.startswith(comment):
            yield line


def _sources(example: Path) -> Iterator[Path]:
    for path in sorted(example.rglob("*")):
        inside = path.relative_to(example)
        if path.is_file() and path.suffix in _SOURCES and not _NOT_OURS.intersection(inside.parts):
            yield path
