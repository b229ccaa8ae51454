"""Each language's runtime client, and the version that the locks name."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from layer.build.plan import REPOSITORY

_CLIENTS = {
    "Python": "awslambdaric",
    "Node.js": "aws-lambda-ric",
    "Java": "aws-lambda-java-runtime-interface-client",
    "Go": "aws-lambda-go",
    "Rust": "lambda_runtime",
}
_LOCKS = ("*.lock", "package-lock.json", "pom.xml", "go.mod")
_PLACES = ("handler_example", "tests/languages", "tests/bench")
_UNKNOWN = "-"
# What lies between name and version in Cargo's, Go's, Maven's, npm's and pip's files.
_BETWEEN = r"""(?:</artifactId>)?["\s:={<]*(?:version)?["\s:=>v^~]+(\d+\.\d[\w.+-]*)"""


def client(language: str) -> str:
    """The runtime client and its version, such as `aws-lambda-go 1.55.1`; a dash if unknown."""
    if language == "Shell":
        return f"bash {_own_version('bash')}, curl {_own_version('curl')}"
    name = _CLIENTS.get(language)
    if name is None:
        return _UNKNOWN
    versions = (version(name, lock.read_text(encoding="utf-8")) for lock in _locks())
    return f"{name} {next(filter(None, versions), _UNKNOWN)}"


def version(name: str, lock: str) -> str:
    """The version of a package in a lock file of any ecosystem; empty where it is not in it."""
    found = re.search(rf"\b{re.escape(name)}{_BETWEEN}", lock)
    return found[1] if found else ""


def _locks() -> Iterator[Path]:
    yield REPOSITORY / "requirements-dev.lock"
    for place in _PLACES:
        for pattern in _LOCKS:
            yield from sorted(Path(REPOSITORY, place).rglob(pattern))


def _own_version(tool: str) -> str:
    if shutil.which(tool) is None:
        return _UNKNOWN
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"\d+\.\d[\d.]*", said.stdout)
    return found[0] if found else _UNKNOWN
