"""A database of known vulnerabilities in Python packages, queried through pip-audit."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PIP_AUDIT = (sys.executable, "-m", "pip_audit")
_FORM = ("--format=json", "--progress-spinner=off", "--disable-pip", "--no-deps")


class Unreachable(Exception):
    """The service can't be reached, or lacks a package that it should know."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a service says of a lock.

    Attributes:
        vulnerabilities: What is known, a line each.
        unknown: The packages that the service does not know.
        packages: How many packages it was asked for.
    """

    vulnerabilities: tuple[str, ...]
    unknown: tuple[str, ...]
    packages: int


class Advisories:
    """One of the services.

    Args:
        service: pip-audit's name for it, `pypi` or `osv`.
        command: What asks it.
    """

    def __init__(self, service: str, command: Sequence[str] = PIP_AUDIT) -> None:
        self.service = service
        self._command = command

    def knows(self, requirement: str) -> bool:
        """Whether the service is there, and knows a package that it must know.

        Args:
            requirement: The package, as `name==version`.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(requirement + "\n")
            file.flush()
            try:
                return not self.report(Path(file.name)).unknown
            except Unreachable:
                return False

    def report(self, lock: Path) -> Report:
        """What it says of every package of a lock.

        Raises:
            Unreachable: It says nothing.
        """
        command = [*self._command, f"--vulnerability-service={self.service}", *_FORM]
        asked = subprocess.run(  # noqa: S603 - a tool of our own lock
            [*command, f"--requirement={lock}"], capture_output=True, text=True, check=False
        )
        try:
            packages: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
        except (ValueError, KeyError):
            last = (asked.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise Unreachable(f"{self.service}: {last}") from None
        return Report(
            tuple(line for package in packages for line in _vulnerabilities(package)),
            tuple(package["name"] for package in packages if "skip_reason" in package),
            len(packages),
        )


def _vulnerabilities(package: Mapping[str, Any]) -> Iterator[str]:
    for vulnerability in package.get("vulns", ()):
        names = ", ".join([vulnerability["id"], *vulnerability.get("aliases", ())])
        fixed = ", ".join(vulnerability.get("fix_versions", ())) or "no version"
        yield f"{package['name']} {package['version']}: {names}; fixed in {fixed}"
