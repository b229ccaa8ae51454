"""`warmkey import`: many secrets from a file of another tool."""

import json

import pytest
from click.testing import Result

from tests.fakes.operator import CANARY, Operator

ENV = f"DB_USER={CANARY}1\nexport DB_PASSWORD='{CANARY} 2'  # comment\n"
CHAMBER = json.dumps({"DB_USER": f"{CANARY}1", "DB_PASSWORD": f"{CANARY} 2"})
SSM = json.dumps(
    {
        "Parameters": [
            {"Name": "/app/dev/DB_USER", "Type": "String", "Value": f"{CANARY}1"},
            {"Name": "/app/dev/DB_PASSWORD", "Type": "SecureString", "Value": f"{CANARY} 2"},
        ]
    }
)


def run(operator: Operator, text: str, *arguments: str) -> Result:
    """Import a file of some text."""
    (operator.folder / "secrets").write_text(text)
    return operator.run("import", "secrets", "--yes", *arguments)


def stored(operator: Operator) -> dict[str, str]:
    """All parameters."""
    found = operator.client("ssm").get_parameters_by_path(
        Path="/", Recursive=True, WithDecryption=True
    )["Parameters"]
    assert {each["Type"] for each in found} <= {"SecureString"}
    return {each["Name"]: each["Value"] for each in found}


@pytest.mark.parametrize("text", [ENV, CHAMBER, SSM], ids=[".env", "chamber", "aws ssm"])
def test_a_file_s_secrets_are_stored(operator: Operator, text: str) -> None:
    """Whichever of the formats it has; each as a SecureString."""
    result = run(operator, text, "--strip", "/app/dev/", "--prefix", "/app/prod/")
    assert result.exit_code == 0, result.output
    assert stored(operator) == {
        "/app/prod/DB_USER": f"{CANARY}1",
        "/app/prod/DB_PASSWORD": f"{CANARY} 2",
    }
    assert "2 stored" in result.stderr


def test_standard_input_may_be_the_file(operator: Operator) -> None:
    """As behind a pipe."""
    result = operator.run("import", "-", "--prefix=/a/", "--yes", standard_input=CHAMBER)
    assert (result.exit_code, len(stored(operator))) == (0, 2), result.output


def test_names_of_aws_ssm_stay_as_they_are(operator: Operator) -> None:
    """Where nothing is said."""
    run(operator, SSM)
    assert set(stored(operator)) == {"/app/dev/DB_USER", "/app/dev/DB_PASSWORD"}


def test_secrets_may_go_to_secrets_manager(operator: Operator) -> None:
    """By their prefix."""
    assert run(operator, ENV, "--prefix", "secretsmanager:app/").exit_code == 0
    client = operator.client("secretsmanager")
    assert client.get_secret_value(SecretId="app/DB_USER")["SecretString"] == f"{CANARY}1"


def test_a_stored_secret_is_not_replaced_by_accident(operator: Operator) -> None:
    """The others are stored; with --overwrite all are, and then nothing changes any more."""
    operator.run("put", "/a/DB_USER", "--yes", standard_input="other")
    result = run(operator, ENV, "--prefix=/a/")
    assert result.exit_code == 1
    assert "/a/DB_USER: it is there already, as version 1, and would change" in result.stderr
    assert stored(operator) == {"/a/DB_USER": "other", "/a/DB_PASSWORD": f"{CANARY} 2"}
    assert run(operator, ENV, "--prefix=/a/", "--overwrite").exit_code == 0
    assert stored(operator)["/a/DB_USER"] == f"{CANARY}1"
    assert "nothing to change" in run(operator, ENV, "--prefix=/a/").stdout


def test_a_dry_run_of_an_import_stores_nothing(operator: Operator) -> None:
    """It shows what would be stored, once for all that are alike."""
    result = run(operator, ENV, "--prefix=/a/", "--dry-run")
    assert (result.exit_code, stored(operator)) == (0, {})
    assert result.stdout.count("+ value: (a new one, not shown)") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"nonsense {CANARY}", "secrets, line 1: it must be NAME=value"),
        (f'["{CANARY}"]', "secrets is JSON of another kind"),
        (f'{{"{CANARY}', "secrets is JSON of another kind"),
        ('{"Parameters": [{"Name": "/a"}]}', "secrets is JSON of another kind"),
        ('{"PORT": 5432}', "secrets: PORT is no text"),
    ],
)
def test_a_file_of_no_format_is_refused(operator: Operator, text: str, told: str) -> None:
    """With nothing of what stands in it."""
    result = run(operator, text, "--prefix=/a/")
    assert (result.exit_code, told in result.stderr) == (2, True), result.output


def test_an_empty_value_is_a_failure_of_its_own(operator: Operator) -> None:
    """The others are stored."""
    result = run(operator, "KEY=\nOTHER=1\n", "--prefix=/a/")
    assert (result.exit_code, "/a/KEY: its value is empty" in result.stderr) == (1, True)
    assert list(stored(operator)) == ["/a/OTHER"]


def test_names_that_become_the_same_are_refused(operator: Operator) -> None:
    """One of the values would be lost."""
    result = run(operator, "a_KEY=1\nKEY=2\n", "--strip=a_", "--prefix=/a/")
    assert (result.exit_code, "two names become the same" in result.stderr) == (2, True)


def test_a_file_that_can_not_be_read_is_said_so(operator: Operator) -> None:
    """By its name."""
    result = operator.run("import", "none", "--yes")
    assert (result.exit_code, "none can't be read: No such file" in result.stderr) == (2, True)
