"""What SECURITY.md claims is held by tests that are there."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.messages import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
CITED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def names_in(path: Path) -> set[str]:
    """The names of a module's functions."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), CITED)
def test_a_test_that_is_cited_is_there(path: str, name: str) -> None:
    """Under that name, in that module."""
    assert name in names_in(ROOT / path)


def test_every_defence_cites_a_test() -> None:
    """Each row of a table of threats."""
    rows = [row for row in TEXT.splitlines() if row.startswith("| ") and "threat |" not in row]
    assert rows
    assert [row for row in rows if "`tests/" not in row.rpartition(" | ")[2]] == []


def test_the_daemon_opens_no_file_to_write() -> None:
    """All it opens, it opens to read; so nothing of a secret can be left in one."""
    flags = set()
    for path in (ROOT / "extension").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="open"), args=[_, how, *_]):
                    flags.add(ast.unparse(how))
                case ast.Call(func=ast.Name(id="open")):
                    flags.add(f"{path.name}: open")
                case ast.Call(func=ast.Attribute(attr="open"), args=[_, how]):
                    flags.add(ast.unparse(how))
                case ast.Attribute(attr="write_text" | "write_bytes" | "touch"):
                    flags.add(f"{path.name}: {ast.unparse(node)}")
    harmless = {"'rb'", "flags", "os.O_NONBLOCK"}  # `flags` are those of `open`
    assert flags
    assert {name for how in flags for name in how.split(" | ")} <= harmless
