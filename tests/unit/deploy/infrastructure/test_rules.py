"""The rules of `attach` as data."""

from pathlib import Path

import pytest

from tests.templates.infrastructure.write_rules import FILES
from warmkey.deploy.infrastructure import rules


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_files_hold_the_rules(file: Path) -> None:
    """`make rules` writes them."""
    assert file.read_text(encoding="utf-8") == rules.text(), "run: make rules"
