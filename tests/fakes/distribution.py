"""Made-up Python packages: wheels and source distributions of a few hundred bytes.

https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import hashlib
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WHEEL = "Wheel-Version: 1.0\nGenerator: made-up\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file that an index offers.

    Attributes:
        project: The normalised name of what it is a version of.
        version: The version.
        file_name: The file's name.
        contents: The file.
    """

    project: str
    version: str
    file_name: str
    contents: bytes

    @property
    def sha256(self) -> str:
        """The file's digest, as a lock has it."""
        return hashlib.sha256(self.contents).hexdigest()

    @property
    def locked(self) -> str:
        """The line of a lock that names this file alone."""
        return f"{self.project}=={self.version} --hash=sha256:{self.sha256}\n"


def wheel(
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
) -> Distribution:
    """Make a wheel.

    Args:
        name: The project's name.
        version: Its version.
        requires: What it depends on, e.g. `coverage[toml]>=7`.
        files: Its modules, by their paths.
    """
    stem = f"{_project(name).replace('-', '_')}-{version}"
    metadata = [f"Requires-Dist: {requirement}" for requirement in requires]
    members = {
        **(files or {}),
        f"{stem}.dist-info/METADATA": _metadata(name, version, *metadata),
        f"{stem}.dist-info/WHEEL": _WHEEL,
    }
    record = f"{stem}.dist-info/RECORD"
    members[record] = "".join(f"{path},,\n" for path in (*members, record))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in members.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return Distribution(_project(name), version, f"{stem}-py3-none-any.whl", packed.getvalue())


def source(name: str, version: str, *, built_with: str) -> Distribution:
    """Make a source distribution, which has to be built.

    Args:
        name: The project's name.
        version: Its version.
        built_with: The package that builds it, whose module of the same name is the build backend.
    """
    stem = f"{_project(name).replace('-', '_')}-{version}"
    build = f'[build-system]\nrequires = ["{built_with}"]\nbuild-backend = "{built_with}"\n'
    project = f'[project]\nname = "{name}"\nversion = "{version}"\n'
    members = {"pyproject.toml": build + project, "PKG-INFO": _metadata(name, version)}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, text in members.items():
            member = tarfile.TarInfo(f"{stem}/{path}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return Distribution(_project(name), version, f"{stem}.tar.gz", packed.getvalue())


def _metadata(name: str, version: str, *fields: str) -> str:
    return "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *fields, ""))


def _project(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
