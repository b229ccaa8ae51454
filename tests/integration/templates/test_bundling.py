"""`import "warmkey"` in a function that is bundled: by esbuild, and by what calls it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.templates import tools

CLIENT = REPOSITORY / "layer/nodejs/node_modules/warmkey"
CODE = """\
import * as warmkey from "warmkey";
export const handler = async () => warmkey.get("KEY");
handler().catch((error) => console.log(error.name));
"""


def bundle(place: Path, *options: str) -> Path:
    """Bundle a function, and return what it became."""
    (place / "app.js").write_text(CODE, encoding="utf-8")
    quietly = ("--log-level=warning", "--bundle", "--platform=node", "--minify")
    made = place / ("out.mjs" if "--format=esm" in options else "out.cjs")
    done = tools.run(
        tools.node() / "esbuild", "app.js", *quietly, f"--outfile={made}", *options, folder=place
    )
    assert done.stderr == ""
    return made


def run(made: Path, **environment: str) -> str:
    """Run it where nothing listens, and return the error that the client then throws."""
    node = shutil.which("node")
    assert node
    settings = {"WARMKEY_PORT": "1", "AWS_SESSION_TOKEN": "none", **environment}
    done = subprocess.run(  # noqa: S603
        [node, made], env=settings, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("form", ["cjs", "esm"])
def test_package_that_is_installed_becomes_part_of_the_bundle(form: str, tmp_path: Path) -> None:
    """Of either kind of module, without a warning; nothing else is needed where it runs."""
    shutil.copytree(CLIENT, tmp_path / "node_modules/warmkey")
    made = bundle(tmp_path, f"--format={form}")
    shutil.rmtree(tmp_path / "node_modules")
    assert run(made) == "EndpointUnavailable"


def test_package_that_is_external_is_found_in_the_layer(tmp_path: Path) -> None:
    """By `NODE_PATH`, as Lambda's runtime sets it."""
    made = bundle(tmp_path, "--format=cjs", "--external:warmkey")
    assert run(made, NODE_PATH=str(CLIENT.parent)) == "EndpointUnavailable"


def test_package_that_is_neither_is_not_found(tmp_path: Path) -> None:
    """What the two settings are for."""
    with pytest.raises(tools.ToolFailed, match='Could not resolve "warmkey"'):
        bundle(tmp_path)
