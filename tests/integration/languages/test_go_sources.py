"""Go's sources are as Go's own tools want them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.languages.go import go_environment

MODULES = ("handler_example/go", "tests/bench/extension_go", "tests/bench/reads/server_go")


def run(module: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of Go's tools on a module, or skip where there is no Go."""
    if shutil.which(command[0]) is None:
        pytest.skip(
            f"there is no Go (`{command[0]}`): `make tools` installs it, or https://go.dev/dl"
        )
    place = Path(REPOSITORY, module)
    return subprocess.run(  # noqa: S603
        command, cwd=place, env=go_environment(), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", MODULES)
def test_gofmt_has_nothing_to_change(module: str) -> None:
    """It lists the files that it would."""
    done = run(module, "gofmt", "-l", ".")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("module", MODULES)
def test_go_vet_finds_nothing(module: str) -> None:
    """It fails where it finds something; standard error may also tell of downloads."""
    fetched = run(module, "go", "mod", "download")
    if fetched.returncode:
        pytest.skip(f"Go can't fetch what go.sum names: {fetched.stderr}")
    done = run(module, "go", "vet", "./...")
    assert done.returncode == 0, done.stderr
