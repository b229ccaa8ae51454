"""Packages for Node.js: the client, which lies in the layer too, and the constructs."""

import json
import shutil
from pathlib import Path

SOURCE = "layer/nodejs/node_modules/warmkey"
"""Where the client is, from the repository's root; its package.json there names no version."""

INFRASTRUCTURE = "layer/infrastructure"
"""Where the constructs are."""


def lay_out(repository: Path, version: str, into: Path, source: str = SOURCE) -> None:
    """Put a package into a folder that is not there yet, with its version and its licence.

    Args:
        repository: The repository's root.
        version: The version; its own is Warmkey's.
        into: The folder.
        source: Where the package is, from the repository's root.
    """
    shutil.copytree(repository / source, into, ignore=shutil.ignore_patterns("package.json"))
    about = json.loads((repository / source / "package.json").read_text(encoding="utf-8"))
    stamped = {"name": about.pop("name"), "version": version, **about}
    text = json.dumps(stamped, indent=2, ensure_ascii=False)
    (into / "package.json").write_text(text + "\n", encoding="utf-8")
    shutil.copyfile(repository / "LICENSE", into / "LICENSE")
