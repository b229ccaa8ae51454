"""AWS SAM: what `template.yaml` becomes when CloudFormation transforms it."""

import json
from pathlib import Path
from typing import Any

from tests.templates import tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import LAYER, Deployment

FOLDER = tools.TEMPLATES / "sam"
TEMPLATE = FOLDER / "template.yaml"
_TRANSFORM = Path(__file__).with_name("transform_sam.py")


def transformed(stage: str) -> dict[str, Any]:
    """The template without SAM's own resources, by AWS's own transform."""
    arguments = (_TRANSFORM, TEMPLATE, json.dumps(_parameters(stage)))
    template: dict[str, Any] = json.loads(tools.run("python", *arguments, folder=FOLDER).stdout)
    return template


def deployment(stage: str) -> Deployment:
    """What it deploys for a stage."""
    return Stack(transformed(stage), _parameters(stage)).deployment()


def _parameters(stage: str) -> dict[str, str]:
    return {"Stage": stage, "WarmkeyLayer": LAYER}
