"""The Serverless Framework: what `serverless package` makes, by osls, the fork without a login."""

import json
import shutil
from pathlib import Path
from typing import Any

from layer.build import stages
from tests.templates import package, tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import LAYER, REGION, Deployment

FOLDER = tools.TEMPLATES / "serverless"


def project(place: Path) -> Path:
    """A folder with the template and the function's package in it."""
    shutil.copytree(FOLDER, place, dirs_exist_ok=True)
    package.write(place)
    return place


def serverless(command: str, stage: str, place: Path, *arguments: str) -> str:
    """Run a command of it on a project, and return its remarks."""
    options = ("--stage", stage, "--region", REGION, *arguments)
    return tools.run(tools.node() / "serverless", command, *options, folder=place).stderr


def packaged(stage: str) -> Path:
    """The CloudFormation template that it makes for a stage."""

    def make(place: Path) -> None:
        serverless("package", stage, project(place), f"--param=warmkeyLayer={LAYER}")

    made = stages.stage(tools.BUILD / f"serverless-{stage}", [*tools.INGREDIENTS, FOLDER], make)
    return made / ".serverless/cloudformation-template-update-stack.json"


def deployment(stage: str) -> Deployment:
    """What it deploys for a stage."""
    template: dict[str, Any] = json.loads(packaged(stage).read_text(encoding="utf-8"))
    return Stack(template, {}).deployment()
