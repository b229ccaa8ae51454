"""The file that stands in AWS's place on a laptop."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extension import local_file
from extension.declarations import DeclarationError, Declarations
from extension.outcome import Failed, Found, Listing
from extension.reference import Parameter, ParameterPath, Reference, Secret, Source

LINES = {
    "KEY=canary": "canary",
    "export KEY=canary": "canary",
    "  KEY = canary  ": "canary",
    "KEY=canary # a comment": "canary",
    "KEY=canary#1": "canary#1",
    "KEY=a=b==": "a=b==",
    "KEY=": "",
    "KEY='a b # c'": "a b # c",
    "KEY='a' # c": "a",
    r"KEY='a\nb'": r"a\nb",
    r'KEY="a\n\"b\"\\"': 'a\n"b"\\',
    'KEY="ü"': "ü",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_gives_a_name_and_its_value(line: str) -> None:
    """In each of the ways that tools write it."""
    assert local_file.parse(line, ".env") == {"KEY": LINES[line]}


def test_comments_and_empty_lines_give_nothing() -> None:
    """And of two lines for one name the last counts."""
    assert local_file.parse("# A=1\n\nA=2\n \nA=3", ".env") == {"A": "3"}


@pytest.mark.parametrize("line", ["canary", "=canary", "K='canary", 'K="canary', r'K="canary\x"'])
def test_a_malformed_line_is_named_by_its_number(line: str) -> None:
    """Its text is not shown, as it may be a secret."""
    with pytest.raises(DeclarationError, match=r"\.env, line 2: ") as raised:
        local_file.parse(f"A=1\n{line}", ".env")
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An alias, a parameter, two below a path."""
    path = tmp_path / ".env"
    path.write_text("KEY=canary-1\n/a/b=canary-2\n/app/x=canary-3\n/app/y/z=canary-4\n")
    return path


def fetched(file: Path, *sources: Source) -> Mapping[Source, Any]:
    """What a fetch of the sources delivers."""
    delivered: list[Mapping[Source, Any]] = []
    local_file.LocalFile(str(file), lambda call: call(), delivered.append).fetch(sources)
    [outcomes] = delivered
    return outcomes


@pytest.mark.parametrize("source", [Parameter("/a/b"), Parameter("/a/b", "3"), Secret("/a/b")])
def test_a_source_is_looked_up_by_its_name_upstream(file: Path, source: Source) -> None:
    """Whatever service and version it is of."""
    outcome = fetched(file, source)[source]
    assert isinstance(outcome, Found)
    assert (outcome.name, outcome.value) == ("/a/b", "canary-2")


def test_a_path_has_the_names_below_it(file: Path) -> None:
    """However deep."""
    outcome = fetched(file, ParameterPath("/app"))[ParameterPath("/app")]
    assert isinstance(outcome, Listing)
    assert {name: found.value for name, found in outcome.members.items()} == {
        "x": "canary-3",
        "y/z": "canary-4",
    }


def test_a_name_that_is_not_there_says_what_to_add(file: Path) -> None:
    """To which file."""
    outcome = fetched(file, Parameter("/c"))[Parameter("/c")]
    assert outcome == Failed("missing", f"{file} has no /c", "add /c=… to it, or its alias")


@pytest.mark.parametrize("text", [None, "malformed"])
def test_a_file_that_can_no_longer_be_read_fails_for_now(file: Path, text: str | None) -> None:
    """It may be half written."""
    file.unlink() if text is None else file.write_text(text)
    outcome = fetched(file, Parameter("/a/b"))[Parameter("/a/b")]
    assert isinstance(outcome, Failed)
    assert outcome.passing


def test_names_without_a_slash_are_aliases_and_win(file: Path) -> None:
    """Over what they were declared as; the others are names upstream."""
    before = {name: Reference(Parameter(f"/{name}")) for name in ("KEY", "OTHER")}
    references = local_file.declared(Declarations("dev", before), str(file)).references
    assert references == {"KEY": Reference(Parameter("KEY")), "OTHER": before["OTHER"]}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(DeclarationError, match=r"none can't be read: No such file"):
        local_file.declared(Declarations("", {}), str(tmp_path / "none"))
