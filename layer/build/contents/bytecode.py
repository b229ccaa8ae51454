"""Compile the thin client for the managed runtime of one Python version.

Run by the Python 3.13 that the build has linked: `python -S -B bytecode.py PACKAGE`.

`/opt` is read-only, so a function would compile the client anew in each cold start, which takes
three times as long as all else that its import does. Whether the source has changed is not looked
at (PEP 552): it comes in the same zip.
"""

import importlib.util
import sys
from pathlib import Path

from layer.build.executables.freeze import marshalled

UNCHECKED_HASH = 0b01
PLAIN = 0o644


def compiled(source: bytes, where: str) -> bytes:
    """A module as the bytes of its `.pyc` file.

    Args:
        source: The module's text.
        where: The path that tracebacks name.
    """
    code = compile(source, where, "exec", dont_inherit=True, optimize=0)
    flags = UNCHECKED_HASH.to_bytes(4, "little")
    digest = importlib.util.source_hash(source)
    return importlib.util.MAGIC_NUMBER + flags + digest + marshalled(code)


def main(package: Path) -> None:
    """Put each module's bytecode beside it."""
    cache = package / "__pycache__"
    cache.mkdir()
    for source in sorted(package.glob("*.py")):
        file = cache / f"{source.stem}.{sys.implementation.cache_tag}.pyc"
        where = f"/opt/python/{package.name}/{source.name}"
        file.write_bytes(compiled(source.read_bytes(), where))
        file.chmod(PLAIN)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
