"""The module for Terraform gives functions what `warmkey attach` would."""

from typing import Any

import pytest

from tests.templates import terraform as of_provider
from tests.templates.deployment import LAYER
from tests.templates.infrastructure import terraform
from tests.templates.infrastructure.cases import CASES, Case
from tests.templates.provider import Resource

each_case = pytest.mark.parametrize("name", CASES)
ONE = terraform.inputs(Case({"KEY": "/key/{stage}"}, stage="dev"))


def check(outputs: terraform.Outputs, case: Case) -> None:
    """Hold what the module gives against what attach and policy say."""
    expected = case.variables()
    if "WARMKEY_STAGES" in expected:
        expected["WARMKEY_STAGES"] = ",".join(sorted(expected["WARMKEY_STAGES"].split(",")))
    assert outputs.layers == (LAYER,)
    assert outputs.variables == expected
    assert outputs.permissions == case.permissions()


@each_case
def test_outputs_are_layer_variables_and_the_least_privileges(name: str) -> None:
    """To the letter what `warmkey policy` prints."""
    outputs, refused = terraform.parsed(terraform.inputs(CASES[name]))
    assert refused == []
    assert outputs
    check(outputs, CASES[name])


@each_case
def test_tool_itself_says_the_same(name: str) -> None:
    """With one module for each function, `for_each`, from `init` to `output`."""
    check(terraform.applied()[name], CASES[name])


def test_files_are_formatted() -> None:
    """As Terraform has it."""
    assert terraform.formatted() == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"secrets": {"AWS_REGION": "/key"}}, "AWS_REGION: Lambda sets this variable itself"),
        ({"secrets": {"A B": "/key"}}, "A B: not a valid name of a function's variable"),
        ({"secrets": {"KEY": "key"}}, "key: not a reference; it is like /name"),
        ({"stage": ""}, "A reference needs a stage that is known"),
        ({"stages": {"prod": "live"}}, "A reference needs a stage that is known"),
        (
            {"secrets": {}, "config": '{"stages": {"prod": {}, "qa": {}}}'},
            "stage dev is not in warmkey.json; known",
        ),
        ({"exec": True, "runtime": "provided.al2023"}, "does not support exec wrappers"),
    ],
)
def test_configuration_that_lambda_or_the_extension_would_refuse_is_refused(
    change: dict[str, Any], said: str
) -> None:
    """In the plan, with what to do."""
    outputs, [refusal] = terraform.parsed({**ONE, **change})
    assert outputs is None
    assert said in refusal


def test_layer_from_a_zip_has_arguments_that_the_provider_takes() -> None:
    """By name, kind and type; and the name by which attach knows it."""
    [block] = terraform.layer_from_zip()["aws_lambda_layer_version"]
    assert block["layer_name"] == "warmkey-arm64"
    written: of_provider.Block = block
    assert list(Resource("aws_lambda_layer_version", is_data=False).faults(written)) == []
