"""AWS SAM: what `template.yaml` becomes when CloudFormation transforms it."""

import json
from pathlib import Path
from typing import Any

from tests.templates import tools
from tests.templates.cloudformation import Stack
from tests.templates.deployment import ACCOUNT, LAYER, PARTITION, REGION, Deployment

FOLDER = tools.TEMPLATES / "sam"
TEMPLATE = FOLDER / "template.yaml"
MANY = FOLDER / "many.yaml"
_TRANSFORM = Path(__file__).with_name("transform_sam.py")


def transformed(stage: str, path: Path = TEMPLATE) -> dict[str, Any]:
    """A template without SAM's own resources, by AWS's own transforms."""
    place = {"partition": PARTITION, "region": REGION, "account_id": ACCOUNT}
    arguments = (_TRANSFORM, path, json.dumps(_parameters(stage)), json.dumps(place))
    template: dict[str, Any] = json.loads(tools.run("python", *arguments, folder=FOLDER).stdout)
    return template


def deployment(stage: str) -> Deployment:
    """What it deploys for a stage."""
    return Stack(transformed(stage), _parameters(stage)).deployment()


def deployments(stage: str) -> dict[str, Deployment]:
    """What the template of many functions deploys for a stage, by what it calls them."""
    return Stack(transformed(stage, MANY), _parameters(stage)).deployments()


def _parameters(stage: str) -> dict[str, str]:
    return {"Stage": stage, "WarmkeyLayer": LAYER}
