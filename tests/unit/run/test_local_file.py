"""The file that stands in AWS's place on a laptop."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extension.declared.declarations import DeclarationError, Declarations
from extension.declared.reference import Reference
from extension.http.failure import Failed, Kind
from extension.run import local_file
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.responses.outcome import Found, Listing
from extension.sources.secretsmanager import Secret
from extension.sources.source import Source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An alias, a parameter, two below a path."""
    path = tmp_path / ".env"
    path.write_text("KEY=canary-1\n/a/b=canary-2\n/app/x=canary-3\n/app/y/z=canary-4\n")
    return path


def fetched(file: Path, *sources: Source) -> Mapping[Source, Any]:
    """What a fetch of the sources delivers."""
    delivered: list[Mapping[Source, Any]] = []
    reader = local_file.LocalFile(
        str(file), lambda call: call(), lambda outcomes, _: delivered.append(outcomes)
    )
    reader.fetch(sources)
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
    assert outcome == Failed(Kind.MISSING, f"{file} has no /c", "add /c=… to it, or its alias")


NO_LONGER_READ = {
    None: "can't be read: No such file or directory",
    b"malformed": "line 1: it must be NAME=value",
    b"\xff": "can't be read: it is not UTF-8",
}


@pytest.mark.parametrize("data", NO_LONGER_READ)
def test_a_file_that_can_no_longer_be_read_fails_for_now(file: Path, data: bytes | None) -> None:
    """It may be half written."""
    file.unlink() if data is None else file.write_bytes(data)
    outcome = fetched(file, Parameter("/a/b"))[Parameter("/a/b")]
    assert isinstance(outcome, Failed)
    assert outcome.transient
    assert outcome.detail.endswith(NO_LONGER_READ[data])
    assert outcome.detail.count(str(file)) == 1


def test_names_without_a_slash_are_aliases_and_win(file: Path) -> None:
    """Over what they were declared as; the others are names upstream."""
    before = {name: Reference(Parameter(f"/{name}")) for name in ("KEY", "OTHER")}
    references = local_file.declared(Declarations("dev", before), str(file)).references
    assert references == {"KEY": Reference(Parameter("KEY")), "OTHER": before["OTHER"]}


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(DeclarationError, match=r"none can't be read: No such file"):
        local_file.declared(Declarations("", {}), str(tmp_path / "none"))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    file = tmp_path / ".env"
    file.write_bytes(b"\xff")
    with pytest.raises(DeclarationError, match="can't be read: it is not UTF-8"):
        local_file.declared(Declarations("", {}), str(file))


def test_a_pipe_is_refused() -> None:
    """As with a shell's `<(…)`: it would be empty when it is read again."""
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(DeclarationError, match="must be a regular file"):
        local_file.declared(Declarations("", {}), f"/dev/fd/{reading}")
    os.close(reading)
