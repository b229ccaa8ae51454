"""What CONTRIBUTING and the page of a cold start tell of the daemon is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
STEPS = TEXT[TEXT.index("### A read, step by step") : TEXT.index("### The daemon's modules")]
MODULES = TEXT[TEXT.index("### The daemon's modules") : TEXT.index("## Rules")]
START = (ROOT / "docs/how/cold-start.md").read_text("utf-8").replace("../../", "")
LINKED = re.compile(r"`([\w.]+)`[^`\[]*\[[\w.\\]+\]\((extension/[\w/.]+)\)")
CITED = LINKED.findall(STEPS)


def definitions(path: str) -> set[str]:
    """What a file defines: functions, classes, and methods as `Class.method`."""
    found = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            found |= {f"{node.name}.{method.name}" for method in methods}
    return found


def test_every_module_of_the_daemon_is_in_the_map() -> None:
    """On a line of its own; a new one is added there."""
    listed = re.findall(r"^\| `([\w/]+\.py)` \| \S", MODULES, re.MULTILINE)
    extension = ROOT / "extension"
    modules = [path for path in extension.glob("*/**/*.py") if path.stem != "__init__"]
    assert sorted(listed) == sorted(str(path.relative_to(extension)) for path in modules)


@pytest.mark.parametrize(("name", "path"), [*CITED, *LINKED.findall(START)])
def test_files_and_functions_of_a_read_and_a_start_exist(name: str, path: str) -> None:
    """Each function and class, in the file that is linked."""
    assert name in definitions(path)


def test_a_read_is_told_from_the_connection_to_the_call() -> None:
    """Not less than it passes."""
    assert {"endpoint", "cache", "aws", "sources", "http"} == {
        path.split("/")[1] for _, path in CITED
    }
