"""What CHANGELOG.md says of one version.

Format: https://keepachangelog.com/en/1.1.0/
"""

import re


class ChangelogError(ValueError):
    """The changelog doesn't tell of the version, or not as it should."""


def notes(changelog: str, version: str) -> str:
    """The text below a version's heading, which is `## VERSION - YYYY-MM-DD`.

    Args:
        changelog: The whole file.
        version: The version.

    Raises:
        ChangelogError: There is no such heading, or nothing below it.
    """
    parts = re.split(r"^## (.+)\n", changelog, flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    dated = re.compile(rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d")
    text = next((body for title, body in sections.items() if dated.fullmatch(title)), None)
    if text is None:
        has = ", ".join(f'"{title}"' for title in sections) or "no section"
        raise ChangelogError(
            f"CHANGELOG.md has {has}, and no section for {version}; "
            f'name what is released "## {version} - YYYY-MM-DD"'
        )
    if not text.strip():
        raise ChangelogError(f"CHANGELOG.md says nothing of {version}; say what is new in it")
    return text.strip() + "\n"
