"""Taking the Rapid core out of its wheel."""

import os
import zipfile
from pathlib import Path

import pytest

from tests.rapid.fetch import FetchError, extract, main, member


@pytest.mark.parametrize(
    ("machine", "core"),
    [
        ("x86_64", "samcli/local/rapid/aws-lambda-rie-x86_64"),
        ("aarch64", "samcli/local/rapid/aws-lambda-rie-arm64"),
    ],
)
def test_each_architecture_has_its_core(machine: str, core: str) -> None:
    """The name in the wheel follows from what the machine says it is."""
    assert member("Linux", machine) == core


@pytest.mark.parametrize(("system", "machine"), [("Darwin", "arm64"), ("Linux", "riscv64")])
def test_a_machine_without_a_core_is_told_so(system: str, machine: str) -> None:
    """The message says what this machine is and what would do."""
    with pytest.raises(FetchError, match=f"{system} on {machine}: run it in a Linux"):
        member(system, machine)


def test_the_core_comes_out_alone_and_executable(tmp_path: Path) -> None:
    """One file of the wheel is kept, under the name that it is run by."""
    wheel = tmp_path / "wheel.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("samcli/other", "other")
        archive.writestr("samcli/core", "#!/bin/sh")
    extract(wheel, "samcli/core", tmp_path / "build" / "core")
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["core"]
    assert os.access(tmp_path / "build" / "core", os.X_OK)


def test_a_directory_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Without one, the command says how it is used."""
    assert main([]) == 2
    assert "DIRECTORY" in capsys.readouterr().err
