"""The tools of the templates, each in an environment of its own, and a way to run them.

`build/templates/` keeps them: half a gigabyte for those in Python, 120 MB for those on Node.js.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from layer.build.stages import Key
from tests.languages.attempt import stage_once
from tests.supply_chain import uv
from tests.supply_chain.sources import PackagesUnavailable
from tests.supply_chain.wheel import download

TEMPLATES = REPOSITORY / "layer/templates"
BUILD = REPOSITORY / "build/templates"
_HERE = Path(__file__).parent
INGREDIENTS = (_HERE, REPOSITORY / "handler_example/python")
"""What everything that a tool makes depends on, besides its template."""

_OLDEST_NODE = (20, 19)  # osls 4's; the CDK is content with less
_PATIENCE = 300  # seconds: a deadline, not an expectation
_NOWHERE = "http://127.0.0.1:9"  # a proxy that is not there: none of these tools needs a network
_SETTINGS = {
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "HTTPS_PROXY": _NOWHERE,
    "HTTP_PROXY": _NOWHERE,
    "https_proxy": _NOWHERE,
    "http_proxy": _NOWHERE,
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
    "SAM_CLI_TELEMETRY": "0",
}


class ToolFailed(Exception):
    """A tool ended with an error; the message is all that it wrote."""


@cache
def python() -> Path:
    """The folder of SAM's, cfn-lint's and the CDK's commands, and of the Python that has them."""
    lock = _HERE / "requirements.lock"

    def install(place: Path) -> None:
        uv.run("venv", "--quiet", "--relocatable", "--python", sys.executable, place)
        uv.install(lock, into=["--python", place / "bin/python"])

    return stage_once(BUILD / "python", [sys.version, lock], install, PackagesUnavailable) / "bin"


@cache
def node() -> Path:
    """The folder of the commands of osls and the CDK; skips where there is no Node.js for them."""
    _require_node()
    locks = [_HERE / "package.json", _HERE / "package-lock.json"]

    def install(place: Path) -> None:
        place.mkdir()
        for lock in locks:
            shutil.copy(lock, place)
        quietly = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        _install(["npm", "ci", "--ignore-scripts", *quietly], place)

    key: Key = [platform.machine(), *locks]
    return stage_once(BUILD / "node", key, install, ToolFailed) / "node_modules/.bin"


@cache
def provider() -> Path:
    """The wheel that tells the arguments of Terraform's AWS provider."""
    lock = _HERE / "provider.lock"

    def make(place: Path) -> None:
        place.mkdir()
        download(lock, place)

    place = stage_once(BUILD / "provider", [lock], make, PackagesUnavailable)
    [wheel] = place.glob("*.whl")
    return wheel


def run(
    program: str | Path, *arguments: str | Path, folder: Path, also: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool, with no network and no account.

    Args:
        program: It, or its name among the commands of `python()`.
        arguments: Its arguments.
        folder: Where it runs.
        also: Where it finds commands besides those of `python()`.

    Returns:
        What it wrote.

    Raises:
        ToolFailed: It ended with an error.
    """
    home = BUILD / "home"  # where the CDK keeps what it has unpacked
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join((*([str(also)] if also else ()), str(python()), os.environ["PATH"]))
    done = subprocess.run(  # noqa: S603
        [shutil.which(program, path=path) or program, *arguments],
        cwd=folder,
        env={**_SETTINGS, "HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise ToolFailed(done.stdout + done.stderr)
    return done


def _require_node() -> None:
    wanted = ".".join(map(str, _OLDEST_NODE))
    if not (found := shutil.which("node")) or not shutil.which("npm"):
        pytest.skip(f"there is no Node.js {wanted}: `make tools` installs it, or nodejs.org")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    if tuple(map(int, re.findall(r"\d+", said)))[:2] < _OLDEST_NODE:
        pytest.skip(f"{found} is {said.strip()}: install {wanted} or newer, nodejs.org")


def _install(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ToolFailed(f"{' '.join(command)}: {done.stderr or done.stdout}")
