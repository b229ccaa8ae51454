"""What CHANGELOG.md says of one version.

Format: https://keepachangelog.com/en/1.1.0/
"""

import re


class ChangelogError(ValueError):
    """The changelog has no section for the version, or an empty one."""


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
            f"CHANGELOG.md has no section for {version}, but {has}; "
            f'name the section of this release "## {version} - YYYY-MM-DD"'
        )
    if not text.strip():
        raise ChangelogError(
            f"CHANGELOG.md's section for {version} is empty; write what is new in it"
        )
    return text.strip() + "\n"
