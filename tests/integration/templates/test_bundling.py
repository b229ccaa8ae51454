"""`import "warmkey"` in a function that is bundled: by esbuild, and by what calls it."""

import json
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


def sam_build(place: Path, properties: dict[str, list[str]]) -> str:
    """Build a function by SAM, with esbuild, and return what it became."""
    (place / "code").mkdir()
    (place / "code/app.js").write_text(CODE, encoding="utf-8")
    (place / "code/package.json").write_text('{"private": true}', encoding="utf-8")
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"CodeUri": "code/", "Handler": "app.handler", "Runtime": "nodejs22.x"},
        "Metadata": {
            "BuildMethod": "esbuild",
            "BuildProperties": {"EntryPoints": ["app.js"], **properties},
        },
    }
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Billing": function}}
    (place / "template.json").write_text(json.dumps(template), encoding="utf-8")
    arguments = ("build", "--template", "template.json", "--build-dir", "built")
    tools.run("sam", *arguments, folder=place, also=tools.node())
    return (place / "built/Billing/app.js").read_text(encoding="utf-8")


def test_sam_leaves_the_client_to_the_layer(tmp_path: Path) -> None:
    """With the setting that is documented."""
    assert 'require("warmkey")' in sam_build(tmp_path, {"External": ["warmkey"]})


def test_sam_without_the_setting_does_not_find_the_client(tmp_path: Path) -> None:
    """What it is for."""
    with pytest.raises(tools.ToolFailed, match='Could not resolve "warmkey"'):
        sam_build(tmp_path, {})
