"""The parts of others that the executables are made of: whose they are, under which licence."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """A part that is linked in, or lies in the zip as it is.

    Attributes:
        name: What its makers call it.
        package: The locked package that it comes from.
        upstream: Debian's source package, by which security advisories name it.
        licence: The SPDX expression.
        texts: Its licence, from the root of the unpacked packages.
        also: Further locked packages that it is made from.
        is_data: Whether it is not linked in, but lies in the zip as it is.
    """

    name: str
    package: str
    upstream: str
    licence: str
    texts: tuple[str, ...]
    also: tuple[str, ...] = ()
    is_data: bool = False


def _copyright(package: str, *common: str) -> tuple[str, ...]:
    texts = (f"usr/share/common-licenses/{name}" for name in common)
    return (f"usr/share/doc/{package}/copyright", *texts)


COMPONENTS = (
    Component(
        "CPython",
        "libpython3.13-dev",
        "python3.13",
        "Python-2.0.1",
        _copyright("libpython3.13-minimal"),
        also=("libpython3.13-minimal", "libpython3.13-stdlib", "python3.13"),
    ),
    Component(
        "OpenSSL", "libssl-dev", "openssl", "Apache-2.0", _copyright("libssl-dev", "Apache-2.0")
    ),
    Component(
        "GNU C Library",
        "libc6-dev",
        "glibc",
        "LGPL-2.1-or-later",
        _copyright("libc6-dev", "LGPL-2.1"),
    ),
    Component(
        "libgcc",
        "libgcc-14-dev",
        "gcc-14",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        _copyright("gcc-14-base", "GPL-3"),
    ),
    Component("Expat", "libexpat1-dev", "expat", "MIT", _copyright("libexpat1-dev")),
    Component("zlib", "zlib1g-dev", "zlib", "Zlib", _copyright("zlib1g-dev")),
    Component("musl", "musl-dev", "musl", "MIT", _copyright("musl-dev")),
    Component(
        "Mozilla CA certificates",
        "ca-certificates",
        "ca-certificates",
        "MPL-2.0",
        _copyright("ca-certificates", "MPL-2.0"),
        is_data=True,
    ),
)


class UnknownPartError(Exception):
    """Something is linked in whose licence nobody has looked at."""


def of_packages(packages: Iterable[str]) -> tuple[Component, ...]:
    """The components of these packages, in the order of the table.

    Raises:
        UnknownPartError: A package has no line in the table.
    """
    used = set(packages)
    if unknown := used - {component.package for component in COMPONENTS}:
        names = ", ".join(sorted(unknown))
        raise UnknownPartError(
            f"files of {names} are linked in: add each to COMPONENTS in "
            f"layer/build/contents/components.py, with its licence"
        )
    return tuple(component for component in COMPONENTS if component.package in used)
