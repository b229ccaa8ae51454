"""All templates deploy the same: the function with the layer, its stage, and the least it needs."""

from types import ModuleType

import pytest

from tests.templates import cdk, package, sam, serverless, terraform
from tests.templates.deployment import ACCOUNT, PARTITION, REGION, STAGES, expected, permissions
from warmkey.deploy.iam import policy
from warmkey.deploy.secrets import arn
from warmkey.extension.declared import declarations
from warmkey.extension.sources.source import Place

TOOLS = (sam, serverless, cdk, terraform)
each_stage = pytest.mark.parametrize("stage", STAGES)


@each_stage
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.__name__.rpartition(".")[2])
def test_a_function_gets_the_layer_and_may_read_its_own_stages_secrets_alone(
    tool: ModuleType, stage: str
) -> None:
    """To the letter: each action on each ARN, under each condition, and nothing else."""
    assert tool.deployment(stage) == expected(stage)


@each_stage
def test_policies_of_templates_are_those_of_the_policy_command(stage: str) -> None:
    """For the example's own declarations, and the key that the templates name unless told."""
    config = (package.EXAMPLE / "warmkey.json").read_text(encoding="utf-8")
    declared = declarations.declared({"STAGE": stage}, config, "warmkey.json")
    references = [reference for _, reference in declared.by_name()]
    document = policy.document(
        references,
        Place(PARTITION, REGION, ACCOUNT),
        keys={"alias/aws/ssm": arn.sources(references)},
    )
    assert permissions(document["Statement"]) == expected(stage).permissions
