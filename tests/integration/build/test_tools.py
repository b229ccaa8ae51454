"""`make tools` installs what is missing, and says what it can't."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.patience import PATIENCE

TOOLS = REPOSITORY / ".ci/tools"
# It is called with the options `satisfy -qq --no-install-recommends [--simulate|--yes] …`.
APT = """\
echo "apt-get $*" >> "$LOG"
case "$*" in *--simulate*golang*) exit 100;; esac
"""


class System:
    """A system with commands of its own, and with root's rights or without.

    Attributes:
        user: The number of who runs the script.
    """

    def __init__(self, folder: Path) -> None:
        self.user = 0
        self._bin, self._log = folder / "bin", folder / "log"
        self._bin.mkdir()
        self._log.touch()
        for name in ("bash", "cat", "env"):
            (self._bin / name).symlink_to(shutil.which(name) or name)
        self.has("python3", f'exec {shlex.quote(sys.executable)} "$@"')
        self.has("id", 'echo "$USER_NUMBER"')

    def has(self, name: str, script: str = "") -> None:
        """Give it a command."""
        (self._bin / name).write_text(f"#!/bin/bash\n{script}\n", "utf-8")
        (self._bin / name).chmod(0o755)

    def has_all(self) -> None:
        """Give it everything that the script lists."""
        listed = TOOLS.read_text("utf-8").partition("<<'END'\n")[2].partition("\nEND\n")[0]
        for line in listed.splitlines():
            self.has(line.split()[0])

    def lacks(self, *names: str) -> None:
        """Take commands from it."""
        for name in names:
            (self._bin / name).unlink()

    def make_tools(self) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        environment = {
            "PATH": str(self._bin),
            "LOG": str(self._log),
            "USER_NUMBER": str(self.user),
        }
        return subprocess.run(  # noqa: S603 - our own script
            [TOOLS], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    @property
    def installed(self) -> list[str]:
        """What it has had installed."""
        lines = self._log.read_text("utf-8").splitlines()
        return [line.partition("--yes ")[2] for line in lines if "--yes" in line]


@pytest.fixture
def system(tmp_path: Path) -> System:
    """A system with apt, root's rights, and every tool but wrk and Go."""
    system = System(tmp_path)
    system.has("apt-get", APT)
    system.has_all()
    system.lacks("wrk", "go")
    return system


def test_missing_tools_are_installed(system: System) -> None:
    """And said, as is what the system's packages don't have, or only too old."""
    done = system.make_tools()
    assert done.returncode == 0, done.stderr
    assert system.installed == ["wrk"]
    assert "Installing wrk" in done.stdout
    assert "packages: go, from golang-go (>= 2:1.21). Install it by other means" in done.stderr


def test_a_user_installs_by_sudo(system: System) -> None:
    """Where there is one."""
    system.user = 1000
    system.has("sudo", 'exec "$@"')
    assert system.make_tools().returncode == 0
    assert system.installed == ["wrk"]


def test_a_user_without_sudo_is_told_what_root_runs(system: System) -> None:
    """Nothing is tried."""
    system.user = 1000
    done = system.make_tools()
    assert done.returncode == 1
    assert "apt-get satisfy --no-install-recommends 'wrk, golang-go (>= 2:1.21)'" in done.stderr
    assert system.installed == []


def test_commands_are_named_without_apt(system: System) -> None:
    """As they are what other systems' packages have in common."""
    system.lacks("apt-get")
    done = system.make_tools()
    assert done.returncode == 1
    assert done.stderr.endswith("Install these by other means: wrk go\n")


def test_complete_tools_need_no_installation(system: System) -> None:
    """And nothing asked."""
    system.has_all()
    system.lacks("apt-get")
    done = system.make_tools()
    assert (done.returncode, done.stdout) == (0, "Every tool is there.\n")
