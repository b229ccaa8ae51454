"""What the wheel's build does besides: the layer's zips go in, where there are any.

`make wheel` builds them first. Without them all of the command works but `publish`, which then
wants to be told where they are.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LayerZips(BuildHookInterface[Any]):
    """Puts `dist/warmkey-layer-*.zip` into the package, as `warmkey/layers/`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Name them to the build, before it begins."""
        for file in sorted(Path(self.root, "dist").glob("warmkey-layer-*.zip")):
            build_data["force_include"][str(file)] = f"warmkey/layers/{file.name}"
