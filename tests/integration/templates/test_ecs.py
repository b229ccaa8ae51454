"""The template for a task of ECS."""

from typing import Any

import pytest
from cfnlint import decode
from cfnlint.api import lint_file

from extension.declared import declarations, settings
from tests.templates import tools

TEMPLATE = tools.TEMPLATES / "ecs/task.yaml"
STAGE = "prod"


@pytest.fixture(scope="module")
def resources() -> Any:
    """The template's resources."""
    template, faults = decode.decode(str(TEMPLATE))
    assert not faults
    assert template is not None
    return template["Resources"]


def test_cfn_lint_finds_nothing_in_a_task() -> None:
    """With every rule that it has on."""
    assert lint_file(TEMPLATE) == []


def test_the_sidecar_of_a_task_takes_its_variables(resources: Any) -> None:
    """Its stage and secrets are what the daemon takes, and the role reads those and no others."""
    sidecar = resources["Task"]["Properties"]["ContainerDefinitions"][0]
    values = {"AWS::Region": "eu-west-1", "Stage": STAGE}
    environ = {
        each["Name"]: values[each["Value"]["Ref"]]
        if isinstance(each["Value"], dict)
        else each["Value"]
        for each in sidecar["Environment"]
    }
    assert settings.parse(environ) is not None
    found = declarations.declared(environ, None, "warmkey.json")
    [policy] = resources["TaskRole"]["Properties"]["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    allowed = statement["Resource"]["Fn::Sub"].replace("${Stage}", STAGE)
    assert [f"parameter{each.source.name}" for each in found.all()] == [allowed.rpartition(":")[2]]


def test_the_app_of_a_task_waits_for_the_sidecar_and_has_its_token(resources: Any) -> None:
    """It begins when the health check has read every secret."""
    sidecar, app = resources["Task"]["Properties"]["ContainerDefinitions"]
    assert app["DependsOn"] == [{"ContainerName": sidecar["Name"], "Condition": "HEALTHY"}]
    assert app["Secrets"] == sidecar["Secrets"] != []
    assert sidecar["HealthCheck"]["Command"][:3] == ["CMD", "/warmkey/warmkey", "exec"]
