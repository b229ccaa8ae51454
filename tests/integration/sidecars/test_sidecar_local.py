"""`warmkey serve --local FILE`: the endpoint without AWS."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.integration.sidecar import Sidecar, from_sources
from tests.patience import PATIENCE
from tests.rapid.layer import unpack

ENVIRONMENT = {"PATH": os.defpath, "WARMKEY_TOKEN": "mine", "PYTHONPATH": "layer/python"}
COMMAND = ["/usr/bin/env", "-C", str(REPOSITORY), sys.executable, "-B", "-m", "warmkey.deploy"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two secrets."""
    path = tmp_path / ".env"
    path.write_text("KEY=canary-1\n/app/prod/db/password=canary-2\n")
    return path


@pytest.fixture(params=["sources", "executable", "command"])
def sidecar(request: pytest.FixtureRequest, file: Path, tmp_path: Path) -> Iterator[Sidecar]:
    """The sidecar, from the sources, as the layer's executable and as the operator's command."""
    starts = {
        "sources": lambda: from_sources("serve", "--local", str(file)),
        "executable": lambda: [
            str(unpack(tmp_path / "opt") / "warmkey/warmkey"),
            *("serve", "--local", str(file)),
        ],
        "command": lambda: [*COMMAND, "serve", "--local", str(file)],
    }
    with Sidecar(ENVIRONMENT, command=starts[request.param]()) as running:
        yield running.wait_until_ready()


def test_the_sidecar_serves_the_files_values_and_sees_a_change_at_once(
    sidecar: Sidecar, file: Path
) -> None:
    """By alias and by name upstream; without a region, credentials or AWS."""
    name = "/systemsmanager/parameters/get?name=/app/prod/db/password"
    assert sidecar.read("KEY") == "canary-1"
    assert sidecar.get(name).json()["Parameter"]["Value"] == "canary-2"
    file.write_text("KEY=canary-3\n")
    assert sidecar.read("KEY") == "canary-3"
    assert sidecar.get(name).status_code == 400
    sidecar.process.send_signal(signal.SIGTERM)
    assert sidecar.wait_for_end() == 0
    assert "canary" not in sidecar.output


def test_declared_paths_and_aliases_are_looked_up_in_the_file(tmp_path: Path, file: Path) -> None:
    """By what they stand for in this stage."""
    config = tmp_path / "warmkey.json"
    config.write_text('{"secrets": {"all": "ssm:/app/{stage}/*", "no": "/no/{stage}"}}')
    environment = {**ENVIRONMENT, "STAGE": "prod", "WARMKEY_CONFIG": str(config)}
    with Sidecar(environment, command=from_sources("serve", "--local", str(file))) as sidecar:
        sidecar.wait_until_ready()
        assert sidecar.read("db/password") == "canary-2"
        assert "has no /no/prod" in sidecar.get("/v1/secrets/no").json()["detail"]


def test_a_malformed_file_ends_it_with_the_line(file: Path) -> None:
    """And exit code 1."""
    file.write_text("KEY=1\ncanary\n")
    with Sidecar(ENVIRONMENT, command=from_sources("serve", "--local", str(file))) as sidecar:
        assert sidecar.wait_for_end() == 1
        assert f"{file}, line 2: it must be NAME=value" in sidecar.output
        assert "canary" not in sidecar.output


def test_a_dry_run_says_what_would_be_served(file: Path) -> None:
    """And serves nothing."""
    command = [*COMMAND, "serve", "--dry-run", "--local", str(file)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "Would serve on http://127.0.0.1:2773: KEY\n"


def test_an_empty_file_name_is_refused() -> None:
    """A shell variable that is not set leaves one, and nobody wants AWS's values instead."""
    command = [*COMMAND, "serve", "--local", ""]
    done = subprocess.run(  # noqa: S603
        command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 2
    assert "--local names no file" in done.stderr


def test_the_command_takes_the_declarations_of_the_folder(file: Path, tmp_path: Path) -> None:
    """As the operator's other commands do, and as a function takes those of its package."""
    (tmp_path / "warmkey.json").write_text('{"secrets": {"database": "/app/prod/db/password"}}')
    command = [sys.executable, "-B", "-m", "warmkey.deploy", "serve", "--local", str(file)]
    environment = {**ENVIRONMENT, "PYTHONPATH": str(REPOSITORY / "layer/python")}
    here = ["/usr/bin/env", "-C", str(tmp_path), *command]
    with Sidecar(environment, command=here) as sidecar:
        sidecar.wait_until_ready()
        assert sidecar.read("database") == "canary-2"
