"""The Node function's packages: with AWS's SDK beside it, and with the SDK bundled into it.

AWS's own Node finds ES modules in layers; what leads this one to Warmkey's client there is a link.
"""

import os
import shutil
import subprocess
from pathlib import Path

from layer.build.stages import stage
from tests.bench.peers import BUILD
from tests.languages.language import Unavailable
from tests.languages.npm import LOCK, installed

_SOURCE = Path(__file__).with_name("node")
_INGREDIENTS = (*(_SOURCE / name for name in ("app.mjs", *LOCK)), Path(__file__))
_BUNDLER = shutil.ignore_patterns("esbuild", "@esbuild", ".bin")
# A bundle is one ES module, in which CommonJS modules still call `require`.
_REQUIRE = (
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
)


def beside() -> Path:
    """The function with the SDK in `node_modules`, as the managed runtime has it.

    Raises:
        Unavailable: There is no Node or no npm, or npm fails.
    """
    libraries = _libraries()

    def make(package: Path) -> None:
        shutil.copytree(libraries, package / "node_modules", symlinks=True, ignore=_BUNDLER)
        shutil.copy(_SOURCE / "app.mjs", package)
        _link_client(package)

    return stage(BUILD / "node", _INGREDIENTS, make)


def bundled() -> Path:
    """The function with the SDK in one file, minified, as esbuild makes it.

    Raises:
        Unavailable: Likewise, or esbuild fails.
    """
    libraries = _libraries()

    def make(package: Path) -> None:
        command = [
            str(libraries / ".bin/esbuild"),
            str(_SOURCE / "app.mjs"),
            "--bundle",
            "--minify",
            "--platform=node",
            "--format=esm",
            "--external:warmkey",
            f"--banner:js={_REQUIRE}",
            f"--outfile={package / 'app.mjs'}",
        ]
        environment = {**os.environ, "NODE_PATH": str(libraries)}
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Unavailable(f"esbuild says:\n{done.stderr}")
        _link_client(package)

    return stage(BUILD / "node-bundled", _INGREDIENTS, make)


def _libraries() -> Path:
    return installed(_SOURCE, BUILD / "node-libraries") / "node_modules"


def _link_client(package: Path) -> None:
    (package / "node_modules").mkdir(exist_ok=True)
    (package / "node_modules/warmkey").symlink_to("/opt/nodejs/node_modules/warmkey")
