"""The changes that `make mutants` makes, which tests it runs for each, and what it prints."""

from pathlib import Path

import pytest

from tests.mutants import suite
from tests.mutants.__main__ import main
from tests.mutants.mutation import mutants
from tests.mutants.trial import copy_of, passes

CODE = '''"""A module."""

def larger(a: int, b: int = 0) -> bool:
    """Whether."""
    return a > b
'''
GOOD = """
from extension.inner.code import larger

def test_larger() -> None:
    assert larger(1) and not larger(0) and not larger(-1) and not larger(1, 2)
"""


def changes(source: str) -> set[tuple[str, str]]:
    """What stands there and what stands there instead, for each mutant."""
    return {(mutant.before, mutant.after) for mutant in mutants(source)}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with one module, and the tests of it."""
    for path, text in {
        "pyproject.toml": "[tool.pytest.ini_options]\npythonpath = ['.']\n",
        "extension/__init__.py": "",
        "extension/inner/__init__.py": "from .code import larger",
        "extension/inner/code.py": CODE,
        "extension/inner/caller.py": "def call():\n    from . import code\n    return code.larger",
        "layer/deploy/command.py": "from ..extension.inner import code",
        "tests/unit/test_code.py": GOOD,
        "tests/unit/test_apart.py": "import sys",
        "tests/unit/test_script.py": "SCRIPT = 'from extension.inner.code import larger'",
        "tests/unit/test_package.py": "from extension.inner import larger",
        "tests/unit/helper.py": "from extension.inner import code",
        "tests/unit/test_helped.py": "from tests.unit.helper import code",
        "tests/unit/test_command.py": "import warmkey.deploy.command",
        "tests/integration/test_caller.py": "from extension.inner.caller import call",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", {("b < c", "b <= c")}),
        ("a = b in c", {("b in c", "b not in c")}),
        ("a = b + c", {("b + c", "b - c")}),
        ("a = not b", {("not b", "b")}),
        ("a = -b", {("-b", "b")}),
        ("a = b and c", {("b and c", "b or c")}),
        ("a = 1", {("1", "2")}),
        ("a = True", {("True", "False")}),
        ("a = ['b', '', b'c']", {("'b'", "''"), ("''", "'x'"), ("b'c'", "b''")}),
        ("a = b if c else d", {("b if c else d", "d if c else b")}),
        ("a = b(c, d=e)", set()),
        ("a = b(c, d, e)", {("b(c, d, e)", "b(d, c, e)"), ("b(c, d, e)", "b(c, e, d)")}),
        ("a = b.partition(c)", {("b.partition", "b.rpartition")}),
        ("if a:\n    b.c = d", {("a", "not a"), ("b.c = d", "pass")}),
        ("for a in b:\n    continue", {("continue", "pass")}),
        ("a()", {("a()", "pass")}),
        ("def a():\n    return b", {("return b", "pass")}),
        ("match a:\n    case {'b': 1}:\n        pass", {("'b'", "''"), ("1", "2")}),
    ],
)
def test_mutants_change_one_thing_each(source: str, expected: set[tuple[str, str]]) -> None:
    """An operator, a boundary, a constant, the order of arguments, or a statement."""
    assert changes(source) == expected


def test_mutants_leave_alone_what_does_not_run() -> None:
    """Docstrings, annotations, slots, and what is imported for types alone."""
    source = """class A:
    '''Text.'''
    __slots__ = ('a',)
    a: 'str'
def f(a: 'int') -> 'str':
    '''Text.'''
if TYPE_CHECKING:
    b = 1
"""
    assert changes(source) == set()


def test_a_mutant_stands_where_its_original_stood() -> None:
    """By bytes, as Python counts columns; what is around it stays as it was."""
    (mutant,) = mutants("ä = 'ü'[  # why\n    b]\n")
    assert (mutant.line, mutant.source) == (1, "ä = ''[  # why\n    b]\n")


def test_a_module_s_tests_are_those_that_import_it_unit_tests_first(tree: Path) -> None:
    """By themselves or in a script, through a helper, another module or the command's name."""
    assert suite.tests_of("extension.inner.code", tree) == [
        "tests/unit/test_code.py",
        "tests/unit/test_package.py",
        "tests/unit/test_script.py",
        "tests/unit/test_command.py",
        "tests/unit/test_helped.py",
        "tests/integration/test_caller.py",
    ]


def test_a_run_prints_what_no_test_notices(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its place; the tree stays as it was."""
    for path in (
        "test_script.py",
        "test_helped.py",
        "test_command.py",
        "test_package.py",
        "../integration/test_caller.py",
    ):
        (tree / "tests/unit" / path).unlink()
    assert main(["--only", "code"], tree) == 0
    assert capsys.readouterr().out == "3 of 3 mutants tried, 0 survived\n"
    (tree / "tests/unit/test_code.py").write_text(GOOD.replace("and not larger(0) ", ""))
    assert main(["--only", "code"], tree) == 1
    assert capsys.readouterr().out.splitlines() == [
        "extension/inner/code.py:5: a > b → a >= b",
        "3 of 3 mutants tried, 1 survived",
    ]
    assert (tree / "extension/inner/code.py").read_text() == CODE


def test_a_copy_has_all_but_what_is_built(tree: Path) -> None:
    """A folder of that name may be code further down; the copy is gone at the end."""
    for path in ("build/made", "layer/build/code.py", ".venv/python"):
        (tree / path).parent.mkdir()
        (tree / path).touch()
    with copy_of(tree) as copy:
        assert (copy / "layer/build/code.py").exists()
        assert not (copy / "build").exists()
        assert not (copy / ".venv").exists()
    assert not copy.exists()


def test_a_run_names_the_tests_that_it_does_without(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They fail where nothing is changed; without any test everything goes unnoticed."""
    (tree / "tests/unit/test_code.py").write_text(f"{GOOD}    raise AssertionError")
    assert main(["--only", "code", "--count", "1"], tree) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("extension.inner.code: without ")
    assert "tests/unit/test_code.py" in captured.err
    assert "1 of 3 mutants tried, 1 survived" in captured.out


def test_tests_that_do_not_end_in_time_have_not_passed(tree: Path) -> None:
    """A mutant that hangs is noticed, then."""
    (tree / "tests/unit/test_code.py").write_text("while True: pass")
    assert not passes(tree, ["tests/unit/test_code.py"], 1)


def test_a_part_of_a_path_that_nothing_has_is_said(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With where it is looked for."""
    assert main(["--only", "nowhere"], tree) == 2
    assert "no code has 'nowhere' in its path, below extension/, " in capsys.readouterr().out
