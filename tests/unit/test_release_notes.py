"""What a release says of itself, taken from the changelog."""

import pytest

from layer.release.changelog import ChangelogError, notes

CHANGELOG = """\
# Changelog

## Unreleased

## 0.2.0 - 2026-12-01

### Added

- Something.

## 0.1.0 - 2026-11-22

- The first.

## 0.0.1 - 2026-11-01
"""


def test_the_notes_are_what_stands_below_the_versions_heading() -> None:
    """Up to the next version."""
    assert notes(CHANGELOG, "0.2.0") == "### Added\n\n- Something.\n"
    assert notes(CHANGELOG, "0.1.0") == "- The first.\n"


@pytest.mark.parametrize("version", ["0.1", "0x2.0", "Unreleased", "1.0.0"])
def test_a_version_without_a_dated_section_is_refused(version: str) -> None:
    """It says which sections there are, and how the one that is missing is named."""
    with pytest.raises(ChangelogError, match=f'"Unreleased", "0.2.0 - .*"## {version} - YYYY'):
        notes(CHANGELOG, version)


def test_a_version_of_which_nothing_is_said_is_refused() -> None:
    """Nobody releases without a word."""
    with pytest.raises(ChangelogError, match="is empty; write what is new"):
        notes(CHANGELOG, "0.0.1")
