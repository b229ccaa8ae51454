"""`make audit`: look up known vulnerabilities of everything that the Python locks name."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.supply_chain.advisories import Advisories, Unreachable

LOCKS = (
    Path("requirements-dev.lock"),
    Path("requirements-uv.lock"),
    Path("requirements-build.lock"),
    Path("handler_example/python/requirements.lock"),
    Path("tests/templates/requirements.lock"),
)
VULNERABLE, NOT_ASKED = 1, 3
"""The exit statuses where vulnerabilities are known, and where nobody can say."""


def main(locks: Sequence[Path], services: Sequence[Advisories]) -> int:
    """Print what is known of the locks.

    Args:
        locks: The locks.
        services: Who may know; the first that can be reached is asked.

    Returns:
        The exit status: 0 where no vulnerability is known, else `VULNERABLE` or `NOT_ASKED`.
    """
    known = _first_requirement(locks[0])
    service = next((each for each in services if each.knows(known)), None)
    if service is None:
        names = " or ".join(each.service for each in services)
        return _not_asked(
            f"{names} could not be reached, or does not know {known}, which it should. "
            "Run this where one of them can be reached."
        )
    try:
        return max(_audited(lock, service) for lock in locks)
    except Unreachable as error:
        return _not_asked(str(error))


def _not_asked(reason: str) -> int:
    sys.stderr.write(f"NOT AUDITED: {reason}\n")
    return NOT_ASKED


def _audited(lock: Path, service: Advisories) -> int:
    report = service.report(lock)
    vulnerabilities = f"{len(report.vulnerabilities)} known vulnerabilities ({service.service})"
    lines = [f"{lock}: {report.packages} packages, {vulnerabilities}", *report.vulnerabilities]
    if report.unknown:
        lines.append(f"not known there: {', '.join(report.unknown)}")
    sys.stdout.write("\n  ".join(lines) + "\n")
    return VULNERABLE if report.vulnerabilities else 0


def _first_requirement(lock: Path) -> str:
    """The first package of a lock, as `name==version`."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return next(line.split()[0] for line in lines if "==" in line)


if __name__ == "__main__":
    sys.exit(main(LOCKS, [Advisories("pypi"), Advisories("osv")]))
