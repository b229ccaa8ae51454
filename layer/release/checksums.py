"""Digests of files, as `sha256sum --check` reads them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def checksums(files: Iterable[Path]) -> str:
    """One line for each file, by name: its SHA-256, two spaces, its name without a folder."""
    named = sorted(files, key=lambda file: file.name)
    return "".join(f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in named)
