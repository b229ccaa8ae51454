"""Node.js, on `aws-lambda-ric`."""

import json
import shutil
from functools import cache
from pathlib import Path

from layer.build.plan import REPOSITORY
from layer.build.stages import stage
from tests.languages.language import Built, Language
from tests.languages.node_runtime import node_bootstrap
from tests.languages.npm import LOCK, installed

_EXAMPLE = REPOSITORY / "handler_example/node"
_BUILD = REPOSITORY / "build/languages/node"
_FILES = ("app.mjs", "package.json", "warmkey.json")
_PLAIN = """\
const { KEY } = process.env;

exports.handler = async () => KEY;
"""


@cache
def _example() -> Built:
    """The example's package as `npm ci` and `zip` make it.

    AWS's own Node finds ES modules in layers; this one needs a link that leads there.
    """
    bootstrap = node_bootstrap()
    libraries = installed(_EXAMPLE, _BUILD / "libraries") / "node_modules"

    def make(package: Path) -> None:
        shutil.copytree(libraries, package / "node_modules", symlinks=True)
        (package / "node_modules/warmkey").symlink_to("/opt/nodejs/node_modules/warmkey")
        for name in _FILES:
            shutil.copy(_EXAMPLE / name, package)

    key = [*(_EXAMPLE / name for name in (*_FILES, *LOCK)), Path(__file__)]
    return Built(stage(_BUILD / "example", key, make), bootstrap)


@cache
def _plain() -> Built:
    bootstrap = node_bootstrap()

    def make(package: Path) -> None:
        package.mkdir()
        (package / "app.js").write_text(_PLAIN, encoding="utf-8")

    return Built(stage(_BUILD / "plain", [_PLAIN], make), bootstrap)


def _dependencies() -> list[str]:
    lock = json.loads((_EXAMPLE / "package-lock.json").read_text(encoding="utf-8"))
    return [path.rpartition("node_modules/")[2] for path in lock["packages"] if path]


NODE = Language("Node.js", _example, _dependencies, _plain, behind_api=True)
