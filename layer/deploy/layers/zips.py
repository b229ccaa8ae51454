"""The layer's zips, as `make layer` builds them: in this package, or in a folder of one's own."""

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..output.failure import Failure
from .layer import ARCHITECTURES

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_BILL = "warmkey/sbom.cdx.json"
_UNLOCKED = {"name": "warmkey:inputs", "value": "unlocked"}
"""What the bill says of itself where `make run` or `make test` could not have the locked inputs."""


@dataclass(frozen=True, slots=True)
class Zip:
    """One layer's content.

    Attributes:
        architecture: For which it is.
        version: The version of Warmkey in it.
        licences: The licences of what is in it, as an SPDX expression:
            https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
        content: The zip itself.
    """

    architecture: str
    version: str
    licences: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Its digest, as Lambda gives it: in base64."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


def find(dist: Path | None = None) -> list[Zip]:
    """The zip for each architecture.

    Args:
        dist: The folder that they are in. Unless given, they come with this package; in a
            checkout, where they don't, they are in `dist`.

    Raises:
        Failure: One of them is not there, or not to be published.
    """
    packaged = files("warmkey") / "layers"
    folder: Traversable = dist or (packaged if packaged.is_dir() else Path("dist"))
    return [_zip(architecture, folder) for architecture in ARCHITECTURES]


def _zip(architecture: str, folder: "Traversable") -> Zip:
    file = folder / f"warmkey-layer-{architecture}.zip"
    if not file.is_file():
        raise Failure(
            f"there is no {file}",
            "the package on PyPI comes with it (pip install 'warmkey[deploy]'); or build it "
            "(make layer), and name its folder with --dist",
        )
    content = file.read_bytes()
    bill = _bill(content, str(file))
    return Zip(architecture, bill["metadata"]["component"]["version"], _licences(bill), content)


def _bill(content: bytes, name: str) -> dict[str, Any]:
    """The bill of materials that every layer has.

    Raises:
        Failure: It is no layer, or one that was made to try it, not of what Warmkey locks.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            bill: dict[str, Any] = json.loads(archive.read(_BILL))
        about = bill["metadata"]
        _ = about["component"]["version"]
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise Failure(f"{name} is not Warmkey's layer", "build it again (make layer)") from None
    if _UNLOCKED in about.get("properties", ()):
        raise Failure(
            f"{name} is not built of what Warmkey locks, but of Debian's versions of that day",
            "build the locked layer (make layer)",
        )
    return bill


def _licences(bill: dict[str, Any]) -> str:
    """The licences of Warmkey and of all that is in the layer, each once."""
    components = [bill["metadata"]["component"], *bill.get("components", ())]
    named = [each for component in components for each in component.get("licenses", ())]
    found = [each.get("expression") or each["license"]["id"] for each in named]
    return " AND ".join(dict.fromkeys(found))
