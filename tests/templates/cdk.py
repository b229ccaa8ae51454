"""The CDK: what `cdk synth` makes."""

import json
import shutil
from pathlib import Path
from typing import Any

from layer.build import stages
from tests.templates import package, tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import LAYER, Deployment

FOLDER = tools.TEMPLATES / "cdk"


def project(place: Path) -> Path:
    """A folder with the app and the function's package in it."""
    shutil.copytree(FOLDER, place, dirs_exist_ok=True)
    package.write(place)
    return place


def synthesize(place: Path, *context: str) -> None:
    """Run `cdk synth` on a project.

    Args:
        place: The project.
        context: Its settings, `NAME=VALUE` each.
    """
    quietly = ("--quiet", "--no-notices", "--no-version-reporting")
    given = [argument for each in context for argument in ("--context", each)]
    tools.run(tools.node() / "cdk", "synth", *quietly, *given, folder=place)


def synthesized(stage: str) -> Path:
    """The CloudFormation template that it makes for a stage."""

    def make(place: Path) -> None:
        synthesize(project(place), f"stage={stage}", f"warmkeyLayer={LAYER}")

    made = stages.stage(tools.BUILD / f"cdk-{stage}", [*tools.INGREDIENTS, FOLDER], make)
    return made / f"cdk.out/notes-{stage}.template.json"


def deployment(stage: str) -> Deployment:
    """What it deploys for a stage."""
    template: dict[str, Any] = json.loads(synthesized(stage).read_text(encoding="utf-8"))
    return Stack(template, {}).deployment()
