"""`warmkey put secretsmanager:NAME` stores a secret in Secrets Manager; and tags and policies."""

import json
from typing import Any

import pytest
from click.testing import Result

from tests.fakes.operator import CANARY, Operator

NAME = "db/password"


def put(operator: Operator, *arguments: str, value: str = CANARY) -> Result:
    """Put a value that stands on standard input."""
    name = f"secretsmanager:{NAME}"
    return operator.run("put", name, "--yes", *arguments, standard_input=value)


def stored(operator: Operator) -> dict[str, Any]:
    """What is stored, with its description."""
    client = operator.client("secretsmanager")
    found: dict[str, Any] = client.get_secret_value(SecretId=NAME)
    return {**client.describe_secret(SecretId=NAME), **found}


def test_a_new_secret_is_stored(operator: Operator) -> None:
    """With what was said about it."""
    result = put(operator, "--description", "Database", "--tag", "team=billing")
    assert result.exit_code == 0, result.output
    found = stored(operator)
    assert (found["SecretString"], found["Description"]) == (CANARY, "Database")
    assert found["Tags"] == [{"Key": "team", "Value": "billing"}]
    assert f"{NAME} is stored, as version {found['VersionId']}" in result.stdout
    assert "  + tag team: billing" in result.stdout


def test_the_same_secret_again_changes_nothing(operator: Operator) -> None:
    """It is read to find that out."""
    put(operator)
    before = stored(operator)
    assert "nothing to change" in put(operator).stdout
    assert stored(operator)["VersionId"] == before["VersionId"]


def test_another_secret_is_not_stored_by_accident(operator: Operator) -> None:
    """With --overwrite it is a new version; description and tags stay or are added to."""
    put(operator, "--description", "Database", "--tag", "team=billing")
    assert "pass --overwrite" in put(operator, value="other").stderr
    result = put(operator, "--overwrite", "--tag", "stage=live", value="other")
    assert result.exit_code == 0, result.output
    found = stored(operator)
    assert (found["SecretString"], found["Description"]) == ("other", "Database")
    assert {each["Key"]: each["Value"] for each in found["Tags"]} == {
        "team": "billing",
        "stage": "live",
    }


def test_a_secret_s_description_changes_without_a_new_version(operator: Operator) -> None:
    """Its value is the same."""
    put(operator)
    before = stored(operator)["VersionId"]
    result = put(operator, "--overwrite", "--description", "Database")
    assert result.exit_code == 0, result.output
    assert (stored(operator)["VersionId"], stored(operator)["Description"]) == (before, "Database")


def test_a_secret_may_be_named_by_its_arn(operator: Operator) -> None:
    """Where it is there already."""
    put(operator)
    arn = stored(operator)["ARN"]
    result = operator.run("put", arn, "--yes", "--overwrite", standard_input="other")
    assert (result.exit_code, stored(operator)["SecretString"]) == (0, "other"), result.output
    strange = arn.replace("password", "user")
    result = operator.run("put", strange, "--yes", standard_input="other")
    assert (result.exit_code, f"there is no secret {strange}" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "value", "told"),
    [
        ([], "x" * 65537, "the value has 65537 bytes, and Secrets Manager allows 65536"),
        (["--tier", "Advanced"], CANARY, "has neither tier nor policies"),
        (["--policies", "[]"], CANARY, "has neither tier nor policies"),
    ],
)
def test_a_secret_that_can_not_be_is_refused(
    operator: Operator, arguments: list[str], value: str, told: str
) -> None:
    """Before anything is asked for."""
    result = put(operator, *arguments, value=value)
    assert (result.exit_code, told in result.stderr) == (1, True), result.output


def test_a_secret_that_is_to_be_deleted_says_how_to_restore_it(operator: Operator) -> None:
    """Nothing can be stored under its name until then."""
    put(operator)
    operator.client("secretsmanager").delete_secret(SecretId=NAME)
    result = put(operator, value="other")
    assert result.exit_code == 1
    assert f"aws secretsmanager restore-secret --secret-id {NAME}" in result.stderr


def test_a_refusal_of_secrets_manager_is_told_without_the_value(operator: Operator) -> None:
    """AWS's own words may repeat it."""
    operator.fail("secretsmanager.CreateSecret", "AccessDeniedException", f"no {CANARY}")
    result = put(operator)
    assert result.exit_code == 1
    assert "CreateSecret: AccessDeniedException: no …; grant secretsmanager:" in result.stderr


@pytest.mark.parametrize("name", [f"secretsmanager:{NAME}={CANARY}", "secretsmanager:a#field"])
def test_a_name_of_more_than_a_secret_is_refused(operator: Operator, name: str) -> None:
    """Exit code 2, and what may be a secret is not repeated."""
    assert operator.run("put", name, "--yes", standard_input=CANARY).exit_code == 2


def test_a_parameter_gets_tags_when_it_is_new_and_later(operator: Operator) -> None:
    """Overwriting takes none, so they are set by themselves; those that are there stay."""
    for number, tag in enumerate(("team=billing", "stage=live")):
        result = operator.run(
            "put", "/key", "--yes", "--overwrite", "--tag", tag, standard_input=f"{CANARY}{number}"
        )
        assert result.exit_code == 0, result.output
    found = operator.client("ssm").list_tags_for_resource(
        ResourceType="Parameter", ResourceId="/key"
    )
    assert {each["Key"]: each["Value"] for each in found["TagList"]} == {
        "team": "billing",
        "stage": "live",
    }


def test_a_tag_that_is_there_is_no_change(operator: Operator) -> None:
    """Nor a new version."""
    put_key = ("put", "/key", "--yes", "--overwrite", "--tag", "team=billing")
    operator.run(*put_key, standard_input=CANARY)
    assert "nothing to change" in operator.run(*put_key, standard_input=CANARY).stdout


POLICY = {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2030-01-01T00:00Z"}}


def test_a_parameter_s_policies_are_passed_on(operator: Operator) -> None:
    """As JSON without white space."""
    asked: list[Any] = []

    def note(parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"Version": 1}

    operator.answer("ssm.PutParameter", note)
    policies = ("--tier", "Advanced", "--policies", json.dumps([POLICY]))
    result = operator.run("put", "/key", "--yes", *policies, standard_input=CANARY)
    assert result.exit_code == 0, result.output
    assert json.loads(asked[0]["Policies"]) == [POLICY]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--policies", "{}"], 2, "--policies is not a JSON list"),
        (["--policies", "nonsense"], 2, "--policies is not a JSON list"),
        (["--policies", '[{"Type": "Expiration"}]', "--tier", "Standard"], 1, "only the tier"),
    ],
)
def test_policies_that_can_not_be_are_refused(
    operator: Operator, arguments: list[str], code: int, told: str
) -> None:
    """Before anything is stored."""
    result = operator.run("put", "/key", "--yes", *arguments, standard_input=CANARY)
    assert (result.exit_code, told in result.stderr) == (code, True), result.output
