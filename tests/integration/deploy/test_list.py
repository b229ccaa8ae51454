"""`warmkey list`: what is declared, beside what is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.operator import CANARY, Operator

TABLE = {
    "stages": {"prod": {"key": "/key/live"}, "dev": {"key": "ssm:key:2#a"}},
    "secrets": {"app": "ssm:/app/{stage}/*"},
}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """An operator in a folder with a project, most of which is stored."""
    with Operator(tmp_path / "project") as working:
        (working.folder / "warmkey.json").write_text(json.dumps(TABLE))
        (working.folder / "empty.json").write_text("{}")
        ssm = working.client("ssm")
        for name in ("/key/live", "/app/prod/mail", "/app/prod/db/password", "/app/dev/mail"):
            ssm.put_parameter(Name=name, Value=CANARY, Type="SecureString")
        ssm.put_parameter(Name="key", Value=CANARY, Type="String")
        ssm.put_parameter(Name="key", Value=CANARY, Type="String", Overwrite=True)
        yield working


def listed(operator: Operator, *arguments: str) -> list[dict[str, Any]]:
    """The rows, without their times."""
    result = operator.run("list", "--json", *arguments)
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    for row in rows:
        assert bool(row.pop("modified")) is (row.pop("age") is not None) is not bool(row["missing"])
    return rows


def row(
    stage: str,
    alias: str,
    reference: str,
    *stored: str,
    missing: str = "",
    optional: bool = False,
) -> dict[str, Any]:
    """A row as it should be."""
    kind, version = stored or ("", "")
    told = {"stage": stage, "alias": alias, "reference": reference}
    return {**told, "type": kind, "version": version, "missing": missing, "optional": optional}


def test_every_stage_is_listed_with_type_and_version(operator: Operator) -> None:
    """A path by what is below it."""
    result = operator.run("list")
    assert result.exit_code == 0, result.output
    assert [line.rsplit(maxsplit=2)[0].split() for line in result.stdout.splitlines()] == [
        ["stage", "alias", "reference", "type"],
        ["prod", "key", "/key/live", "SecureString", "1"],
        ["prod", "mail", "ssm:/app/prod/*", "SecureString", "1"],
        ["prod", "db/password", "ssm:/app/prod/*", "SecureString", "1"],
        ["dev", "key", "ssm:key:2#a", "String", "2"],
        ["dev", "mail", "ssm:/app/dev/*", "SecureString", "1"],
    ]
    assert result.stderr == "account 123456789012, eu-central-1: 5 declared\n"


def test_one_stage_may_be_listed_as_json(operator: Operator) -> None:
    """With the time of writing, and the age in seconds."""
    assert listed(operator, "--stage", "dev") == [
        row("dev", "key", "ssm:key:2#a", "String", "2"),
        row("dev", "mail", "ssm:/app/dev/*", "SecureString", "1"),
    ]


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("/nowhere", "missing"),
        ("ssm:key:9", "no such version"),
        ("ssm:/nowhere/*", "nothing below it"),
        ("secretsmanager:nowhere", "missing"),
        ("/aws/reference/secretsmanager/nowhere", "missing"),
    ],
)
def test_a_missing_secret_is_marked_and_fails(
    operator: Operator, reference: str, reason: str
) -> None:
    """With the exit code, so that a deployment can be stopped."""
    result = operator.run("list", "--stage", "prod", "--secret", f"K={reference}")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if reference in line and reason in line]
    assert "1 of them unavailable" in result.stderr


def test_secrets_are_listed_by_the_version_that_is_read(operator: Operator) -> None:
    """Also where Parameter Store passes one through."""
    secrets = operator.client("secretsmanager")
    first = secrets.create_secret(Name="db", SecretString=CANARY)
    second = secrets.put_secret_value(SecretId="db", SecretString=CANARY)["VersionId"]
    declared = {
        "secretsmanager:db": second,
        "secretsmanager:db?versionStage=AWSPREVIOUS": first["VersionId"],
        f"secretsmanager:db?versionId={first['VersionId']}": first["VersionId"],
        first["ARN"]: second,
        "/aws/reference/secretsmanager/db": second,
    }
    for reference, version in declared.items():
        [found] = listed(operator, "--config", "empty.json", "--secret", f"K={reference}")
        assert found == row("", "K", reference, "secret", version)


def test_a_secret_that_is_being_deleted_counts_as_missing(operator: Operator) -> None:
    """It can't be read any more."""
    operator.client("secretsmanager").create_secret(Name="db", SecretString=CANARY)
    operator.client("secretsmanager").delete_secret(SecretId="db")
    found = listed(operator, "--config", "empty.json", "--secret", "K=secretsmanager:db")
    assert found == [row("", "K", "secretsmanager:db", missing="scheduled for deletion")]


def test_more_parameters_than_one_question_takes_are_listed(operator: Operator) -> None:
    """SSM takes fifty names."""
    declared = {f"k{number}": f"/many/{number}" for number in range(60)}
    (operator.folder / "warmkey.json").write_text(json.dumps({"secrets": declared}))
    for name in declared.values():
        operator.client("ssm").put_parameter(Name=name, Value=CANARY, Type="SecureString")
    assert [found["reference"] for found in listed(operator)] == list(declared.values())


@pytest.mark.parametrize("action", ["ssm.DescribeParameters", "secretsmanager.DescribeSecret"])
def test_a_secret_that_may_not_be_seen_is_marked(operator: Operator, action: str) -> None:
    """It may be there or not; either way nobody can say that all is well."""
    operator.deny(action)
    result = operator.run("list", "--secret", "DB=secretsmanager:db", "--secret", "A=/key/live")
    assert result.exit_code == 1
    assert "denied" in result.stdout


def test_another_failure_ends_the_command(operator: Operator) -> None:
    """Such as throttling: nothing would be known."""
    operator.fail("ssm.DescribeParameters", "ThrottlingException", "Rate exceeded")
    result = operator.run("list")
    assert result.exit_code == 1
    assert result.stderr == "Error: DescribeParameters: ThrottlingException: Rate exceeded\n"


def test_an_optional_secret_that_is_missing_is_listed_as_such(operator: Operator) -> None:
    """It is no failure."""
    reference = "/nowhere?optional=true"
    found = listed(operator, "--config", "empty.json", "--secret", f"K={reference}")
    assert found == [row("", "K", reference, missing="missing", optional=True)]
    result = operator.run("list", "--config", "empty.json", "--secret", f"K={reference}")
    assert result.exit_code == 0, result.output
