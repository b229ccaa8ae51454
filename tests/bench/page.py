"""A page of results with one section for each benchmark, under a heading of its own."""

import re
from pathlib import Path


def write_section(page: Path, heading: str, body: str) -> None:
    """Put a section in place of the one with the same heading, or at the end.

    Args:
        page: The page; it may not be there yet.
        heading: The section's heading, without its `#`.
        body: What stands below it, without another heading of that level.
    """
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    page.write_text(with_section(text, heading, body), encoding="utf-8")


def with_section(text: str, heading: str, body: str) -> str:
    """The page's text with the section in it."""
    section = f"# {heading}\n\n{body.strip()}\n"
    parts = [part for part in re.split(r"^(?=# )", text, flags=re.MULTILINE) if part.strip()]
    if not any(part.startswith(f"# {heading}\n") for part in parts):
        parts.append(section)
    kept = (section if part.startswith(f"# {heading}\n") else part for part in parts)
    return "\n".join(f"{part.rstrip()}\n" for part in kept)
