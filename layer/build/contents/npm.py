"""The client for Node.js as a package: as it lies in the layer, and as npm publishes it."""

import json
import shutil
from pathlib import Path

SOURCE = "layer/nodejs/node_modules/warmkey"
"""Where it is, from the repository's root; its package.json there names no version."""


def lay_out(repository: Path, version: str, into: Path) -> None:
    """Put the package into a folder that is not there yet, with its version and its licence.

    Args:
        repository: The repository's root.
        version: The version; its own is Warmkey's.
        into: The folder.
    """
    shutil.copytree(repository / SOURCE, into, ignore=shutil.ignore_patterns("package.json"))
    about = json.loads((repository / SOURCE / "package.json").read_text(encoding="utf-8"))
    stamped = {"name": about.pop("name"), "version": version, **about}
    text = json.dumps(stamped, indent=2, ensure_ascii=False)
    (into / "package.json").write_text(text + "\n", encoding="utf-8")
    shutil.copyfile(repository / "LICENSE", into / "LICENSE")
