"""`warmkey get`, `history`, `delete` and `copy`: one secret, in either store."""

import json
import stat

import pytest

from tests.fakes.operator import ACCOUNT, CANARY, PROFILE, REGION, Operator

SHOWN = "a value to be shown"  # which only `get` may print
NAMES = pytest.mark.parametrize("name", ["/db/password", "secretsmanager:db/password"])


def put(operator: Operator, name: str, value: str = SHOWN, *arguments: str) -> None:
    """Store a value."""
    result = operator.run("put", name, "--yes", "--overwrite", *arguments, standard_input=value)
    assert result.exit_code == 0, result.output


def stored(operator: Operator, name: str, region: str = REGION) -> str | None:
    """A value, if it is there."""
    service = "secretsmanager" if name.startswith("secretsmanager:") else "ssm"
    client = operator.client(service, region)
    try:
        if service == "ssm":
            read = client.get_parameter(Name=name, WithDecryption=True)
            return str(read["Parameter"]["Value"])
        found = client.get_secret_value(SecretId=name.removeprefix("secretsmanager:"))
        return str(found["SecretString"])
    except client.exceptions.ClientError:
        return None


@NAMES
def test_a_value_goes_to_standard_output_as_it_is(operator: Operator, name: str) -> None:
    """Nothing else does: what it is stands on standard error."""
    put(operator, name)
    result = operator.run("get", name)
    assert (result.exit_code, result.stdout) == (0, SHOWN)
    assert "db/password, version " in result.stderr
    assert SHOWN not in result.stderr


def test_a_value_goes_into_a_file_of_its_owner_s(operator: Operator) -> None:
    """Never over one that is there."""
    put(operator, "/key")
    assert operator.run("get", "/key", "--file", "key").exit_code == 0
    file = operator.folder / "key"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == (SHOWN, 0o600)
    again = operator.run("get", "/key", "--file", "key")
    assert (again.exit_code, "key can't be written: File exists" in again.stderr) == (1, True)


def test_a_binary_secret_is_printed_byte_for_byte(operator: Operator) -> None:
    """No encoding is in its way."""
    data = bytes(range(256))
    operator.client("secretsmanager").create_secret(Name="binary", SecretBinary=data)
    result = operator.run("get", "secretsmanager:binary")
    assert result.stdout_bytes == data


@NAMES
def test_an_older_version_may_be_read(operator: Operator, name: str) -> None:
    """By its number or id, as the history names it."""
    put(operator, name, "old value")
    put(operator, name, "new value")
    told = json.loads(operator.run("history", name, "--json").stdout)
    assert len(told) == 2
    read = [operator.run("get", name, "--version", each["version"]).stdout for each in told]
    assert sorted(read) == ["new value", "old value"]


def test_a_secret_s_stage_may_be_read(operator: Operator) -> None:
    """Such as the former one's."""
    put(operator, "secretsmanager:db", "old value")
    put(operator, "secretsmanager:db", "new value")
    result = operator.run("get", "secretsmanager:db", "--version", "AWSPREVIOUS")
    assert result.stdout == "old value"


def test_a_history_tells_versions_without_values(operator: Operator) -> None:
    """The newest first, with its labels."""
    put(operator, "/key", CANARY)
    put(operator, "/key", f"{CANARY}2")
    operator.client("ssm").label_parameter_version(Name="/key", ParameterVersion=1, Labels=["old"])
    result = operator.run("history", "/key")
    rows = result.stdout.splitlines()
    assert [row.split()[0] for row in rows] == ["version", "2", "1"]
    assert "old" in rows[2]


@pytest.mark.parametrize(
    ("command", "name"),
    [("get", "/key"), ("get", "secretsmanager:db"), ("history", "/key")],
)
def test_a_secret_that_is_not_there_is_said_so(operator: Operator, command: str, name: str) -> None:
    """By AWS's own words."""
    result = operator.run(command, name)
    assert (result.exit_code, "NotFound" in result.stderr) == (1, True), result.output


@NAMES
def test_a_deleted_secret_is_gone(operator: Operator, name: str) -> None:
    """After it was shown; deleting it again changes nothing."""
    put(operator, name, CANARY)
    preview = operator.run("delete", name, "--dry-run")
    assert (preview.exit_code, stored(operator, name)) == (0, CANARY)
    assert "  - version: " in preview.stdout
    result = operator.run("delete", name, "--yes")
    assert (result.exit_code, stored(operator, name)) == (0, None), result.output
    assert "is deleted" in result.stdout


def test_deleting_what_is_not_there_changes_nothing(operator: Operator) -> None:
    """It is as it was to be."""
    result = operator.run("delete", "/none", "--yes")
    assert (result.exit_code, "nothing to change" in result.stdout) == (0, True)


def test_a_secret_is_deleted_so_that_it_can_be_restored(operator: Operator) -> None:
    """As many days as were asked for."""
    put(operator, "secretsmanager:db", CANARY)
    result = operator.run("delete", "secretsmanager:db", "--yes", "--days", "7")
    assert "can be restored for 7 days: aws secretsmanager restore-secret" in result.stdout
    operator.client("secretsmanager").restore_secret(SecretId="db")
    assert stored(operator, "secretsmanager:db") == CANARY
    assert operator.run("delete", "secretsmanager:db", "--days", "6").exit_code == 2


@pytest.fixture
def other_account(operator: Operator) -> str:
    """A profile of another region, which moto keeps apart as it does accounts."""
    config = operator.folder.with_name("aws-config")
    config.write_text(
        config.read_text()
        + "[profile test]\nregion = us-east-1\naws_access_key_id = x\naws_secret_access_key = x\n"
    )
    return "us-east-1"


@NAMES
def test_a_copy_goes_to_another_profile(operator: Operator, other_account: str, name: str) -> None:
    """With its description; the value is not shown, and the original stays."""
    put(operator, name, CANARY, "--description", "Database")
    result = operator.run("copy", name, "--profile", PROFILE, "--to-profile", "test", "--yes")
    assert result.exit_code == 0, result.output
    assert stored(operator, name, other_account) == stored(operator, name) == CANARY
    assert f"account {ACCOUNT}, region us-east-1, profile test" in result.stdout
    assert "description: Database" in result.stdout


def test_a_copy_may_go_to_another_name_and_store(operator: Operator) -> None:
    """A parameter that is to be rotated becomes a secret."""
    put(operator, "/db/password", CANARY)
    result = operator.run("copy", "/db/password", "secretsmanager:db", "--yes")
    assert (result.exit_code, stored(operator, "secretsmanager:db")) == (0, CANARY), result.output


def test_a_copy_replaces_nothing_by_accident(operator: Operator) -> None:
    """The same value is no change."""
    put(operator, "/one", CANARY)
    put(operator, "/two", "other")
    result = operator.run("copy", "/one", "/two", "--yes")
    assert (result.exit_code, "pass --overwrite" in result.stderr) == (1, True)
    assert operator.run("copy", "/one", "/two", "--yes", "--overwrite").exit_code == 0
    assert stored(operator, "/two") == CANARY
    assert "nothing to change" in operator.run("copy", "/one", "/two", "--yes").stdout


def test_a_copy_to_itself_is_refused(operator: Operator) -> None:
    """Exit code 2."""
    put(operator, "/one", CANARY)
    result = operator.run("copy", "/one", "--yes")
    assert (result.exit_code, "would be copied to itself" in result.stderr) == (2, True)


def test_a_copy_of_what_can_not_be_read_is_refused(operator: Operator) -> None:
    """Whether it is not there, or may not be seen."""
    assert operator.run("copy", "/none", "/two", "--yes").exit_code == 1
    put(operator, "/one", CANARY)
    operator.deny("ssm.GetParameter")
    result = operator.run("copy", "/one", "/two", "--yes")
    assert "the value of /one could not be read: not compared" in result.stderr
