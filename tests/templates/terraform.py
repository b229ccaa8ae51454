"""Terraform and OpenTofu: what a module's expressions come to.

Neither comes from PyPI or npm, OpenTofu takes minutes to build, and both need the AWS provider,
which is hundreds of megabytes. So tfparse stands in, HCL's own parser and Terraform's functions in
a Python wheel, and what the provider would answer is put into a copy of the module.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.templates import package, tools
from tests.templates.deployment import (
    ACCOUNT,
    LAYER,
    PARTITION,
    REGION,
    Deployment,
    permissions,
    writes_traces,
)

FOLDER = tools.TEMPLATES / "terraform"
OF_TFPARSE = {"__tfmeta", "id"}
"""What tfparse adds to each block."""

_EVALUATE = Path(__file__).with_name("evaluate_terraform.py")
_ANSWERS = {
    "data.aws_caller_identity.current.account_id": ACCOUNT,
    "data.aws_partition.current.partition": PARTITION,
    "data.aws_region.current.id": REGION,
}

Block = Mapping[str, Any]
Module = Mapping[str, list[Block]]


def evaluated(stage: str) -> Module:
    """The blocks of the template for a stage, by their type, each with its evaluated arguments."""
    with TemporaryDirectory() as place:
        for file in FOLDER.glob("*.tf"):
            Path(place, file.name).write_text(_answered(file.read_text(encoding="utf-8")))
        package.write(Path(place))
        variables = Path(place, "of_this_test.tfvars.json")
        variables.write_text(json.dumps({"stage": stage, "warmkey_layer": LAYER}))
        done = tools.run("python", _EVALUATE, place, variables.name, folder=Path(place))
    module: Module = json.loads(done.stdout)
    return module


def deployment(stage: str) -> Deployment:
    """What it deploys for a stage."""
    module = evaluated(stage)
    [function] = module["aws_lambda_function"]
    [role] = (each for each in module["aws_iam_role"] if each["id"] == function["role"])
    return Deployment(
        function["handler"],
        function["runtime"],
        tuple(function["architectures"]),
        tuple(function["layers"]),
        function["environment"]["variables"],
        frozenset(permissions(_statements(module, role), _attached(module, role))),
        function["tracing_config"]["mode"] == "Active"
        and writes_traces(_statements(module, role), _attached(module, role)),
    )


def several(blocks: Block | list[Block]) -> list[Block]:
    """Blocks of one type inside another; tfparse tells a single one by itself."""
    return blocks if isinstance(blocks, list) else [blocks]


def _answered(text: str) -> str:
    for question, answer in _ANSWERS.items():
        text = text.replace(question, json.dumps(answer))
    return text


def _statements(module: Module, role: Block) -> Iterator[Mapping[str, Any]]:
    """Those of the role's own policies, as IAM writes them."""
    documents = {each["id"]: each for each in module["aws_iam_policy_document"]}
    for policy in module["aws_iam_role_policy"]:
        if policy["role"] == role["id"]:
            for statement in several(documents[policy["policy"]]["statement"]):
                yield _statement(statement)


def _statement(block: Block) -> dict[str, Any]:
    conditions: dict[str, dict[str, Any]] = {}
    for condition in several(block.get("condition", [])):
        of_operator = conditions.setdefault(condition["test"], {})
        of_operator[condition["variable"]] = condition["values"]
    return {
        "Effect": block.get("effect", "Allow"),
        "Action": block["actions"],
        "Resource": block["resources"],
        "Condition": conditions,
    }


def _attached(module: Module, role: Block) -> list[str]:
    """The ARNs of the policies that are attached to the role."""
    attachments = module["aws_iam_role_policy_attachment"]
    return [each["policy_arn"] for each in attachments if each["role"] in role.values()]
