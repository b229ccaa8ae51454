"""What the audit makes of what a service says."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.supply_chain.__main__ import LOCKS, NOT_ASKED, VULNERABLE, main
from tests.supply_chain.advisories import Advisories

REPOSITORY = Path(__file__).parents[2]
CLEAN = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "a", "skip_reason": "not found"}
HOLE = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"], "description": "bad"}
OPEN = {"name": "b", "version": "1.5", "vulns": [HOLE]}
# Says something else of the one package that is asked for first.
SAYS = """
import json, sys
lock = sys.argv[-1].partition("=")[2]
known, of_lock = json.loads({said!r})
said = of_lock if lock.endswith(".lock") else known
print(json.dumps({{"dependencies": said, "fixes": []}}) if said else "oops")
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock with one package."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("# a comment\na==1 \\\n    --hash=sha256:00\n")
    return lock


def service(name: str, known: object, of_lock: object = None) -> Advisories:
    """A service that says this of the first package, and of a lock."""
    code = SAYS.format(said=json.dumps([known, of_lock]))
    return Advisories(name, [sys.executable, "-c", code])


@pytest.mark.parametrize(
    ("of_lock", "status", "said"),
    [
        ([CLEAN], 0, "1 packages, 0 known vulnerabilities (pypi)"),
        ([CLEAN, OPEN], VULNERABLE, "b 1.5: PYSEC-1, CVE-1; fixed in 2"),
        ([CLEAN, UNKNOWN], 0, "not known there: a"),
        (None, NOT_ASKED, "NOT AUDITED"),
    ],
    ids=["clean", "a vulnerability", "not known", "gone in between"],
)
def test_the_exit_status_tells_holes_from_ignorance(
    lock: Path, of_lock: Any, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is called clean that nobody was asked about."""
    assert main([lock], [service("pypi", [CLEAN], of_lock)]) == status
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


@pytest.mark.parametrize("silent", [[UNKNOWN], None], ids=["knows nothing", "is not there"])
def test_the_first_service_that_can_be_reached_is_asked(
    lock: Path, silent: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mirror of the index answers, too, but knows of no vulnerabilities."""
    services = [service("pypi", silent, [CLEAN]), service("osv", [CLEAN], [CLEAN])]
    assert main([lock], services) == 0
    assert "(osv)" in capsys.readouterr().out
    assert main([lock], services[:1]) == NOT_ASKED
    assert "pypi could not be reached, or does not know a==1" in capsys.readouterr().err


def test_every_lock_of_python_packages_is_audited() -> None:
    """A new one has to be named."""
    found = set()
    for folder, folders, _ in os.walk(REPOSITORY):
        folders[:] = {*folders} - {".venv", "build", "node_modules"}  # others delete there
        found |= {path.relative_to(REPOSITORY) for path in Path(folder).glob("requirements*.lock")}
    assert found == set(LOCKS)
