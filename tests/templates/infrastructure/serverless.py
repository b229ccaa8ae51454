"""The plugin for the Serverless Framework: what `serverless package` makes with it."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.templates import tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import LAYER, REGION, Deployment
from tests.templates.infrastructure import cdk

Functions = Mapping[str, Mapping[str, Any]]


def package(
    place: Path,
    functions: Functions,
    *,
    config: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    provider: Mapping[str, Any] | None = None,
    stage: str = "dev",
) -> dict[str, Deployment]:
    """Package a service with the plugin.

    Args:
        place: An empty folder.
        functions: Its functions, as serverless.yml has them, but for what all of them have.
        config: What its warmkey.json holds, if it has one.
        settings: What `custom.warmkey` says besides the layer.
        provider: What `provider` says besides.
        stage: The stage.

    Returns:
        Each function by its name.

    Raises:
        tools.ToolFailed: The framework, or the plugin, has refused something.
    """
    service = {
        "service": "shop",
        "plugins": ["warmkey-infrastructure/serverless"],
        "custom": {"warmkey": {"layer": LAYER, **(settings or {})}},
        "provider": {
            "name": "aws",
            "runtime": "nodejs22.x",
            "architecture": "arm64",
            **(provider or {}),
        },
        "package": {"artifact": "shop.zip"},
        "functions": {
            name: {"handler": "app.handler", **function} for name, function in functions.items()
        },
    }
    (place / "serverless.yml").write_text(json.dumps(service), encoding="utf-8")  # YAML holds JSON
    if config is not None:
        (place / "warmkey.json").write_text(json.dumps(config), encoding="utf-8")
    with zipfile.ZipFile(place / "shop.zip", "w") as archive:
        archive.writestr("app.js", "")
    cdk.modules(place)
    done = tools.run(
        tools.node() / "serverless",
        "package",
        "--stage",
        stage,
        "--region",
        REGION,
        folder=place,
    )
    if "warning" in done.stderr.lower():
        raise tools.ToolFailed(done.stderr)
    made = place / ".serverless/cloudformation-template-update-stack.json"
    template = json.loads(made.read_text(encoding="utf-8"))
    found = Stack(template, {}).deployments()
    return {name.removesuffix("LambdaFunction").lower(): each for name, each in found.items()}
