"""`warmkey put`: what it stores, what it shows before, and what it leaves alone."""

from collections.abc import Mapping
from typing import Any

from click.testing import Result

from tests.fakes.operator import CANARY, PROFILE, Operator

NAME = "/stripeSecretKey/live"


def put(operator: Operator, *arguments: str, value: str | bytes = CANARY) -> Result:
    """Put a value that stands on standard input."""
    return operator.run("put", NAME, "--profile", PROFILE, *arguments, standard_input=value)


def stored(operator: Operator) -> dict[str, Any]:
    """What is stored, with its description."""
    ssm = operator.client("ssm")
    read: dict[str, Any] = ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]
    [described] = ssm.describe_parameters()["Parameters"]
    return {**described, **read}


def versions(operator: Operator) -> int:
    """How often it was stored."""
    if not operator.client("ssm").describe_parameters()["Parameters"]:
        return 0
    return int(stored(operator)["Version"])


def test_a_new_secret_is_stored_as_a_secure_string(operator: Operator) -> None:
    """After it was shown in which account, and as what."""
    operator.client("iam").create_account_alias(AccountAlias="acme-live")
    result = put(operator, "--yes", value=f"{CANARY}\n")
    assert result.exit_code == 0
    where = "account 123456789012 (acme-live), region eu-central-1, profile live"
    assert result.stderr.splitlines() == [
        f"{NAME} in {where}",
        "the line break at its end was removed; --keep-newline keeps it",
    ]
    assert result.stdout.splitlines() == [
        f"parameter {NAME} in {where}",
        "  + version: 1",
        "  + key: alias/aws/ssm",
        "  + type: SecureString",
        "  + value: (a new one, not shown)",
        f"{NAME} is stored, as version 1",
    ]
    assert (stored(operator)["Type"], stored(operator)["Value"]) == ("SecureString", CANARY)


def test_a_parameter_s_key_description_and_tier_may_be_chosen(operator: Operator) -> None:
    """Key, description and tier; from a file."""
    (operator.folder / "key.pem").write_text(f"{CANARY}\n")
    chosen = ("--kms-key", "alias/k", "--description", "Stripe", "--tier", "Advanced")
    result = put(operator, "--yes", "--file", "key.pem", "--keep-newline", *chosen)
    assert result.exit_code == 0
    found = stored(operator)
    assert (found["KeyId"], found["Description"], found["Tier"], found["Value"]) == (
        "alias/k",
        "Stripe",
        "Advanced",
        f"{CANARY}\n",
    )


def test_a_dry_run_stores_nothing(operator: Operator) -> None:
    """It shows what would be stored."""
    result = put(operator, "--dry-run")
    assert result.exit_code == 0
    assert "+ value: (a new one, not shown)\nnothing was changed: --dry-run" in result.stdout
    assert versions(operator) == 0


def test_put_stores_nothing_that_nobody_approved(operator: Operator) -> None:
    """Standard input, which held the value, can't answer."""
    result = put(operator)
    assert result.exit_code == 1
    assert "there was no answer; pass --yes" in result.stderr
    assert versions(operator) == 0


def test_the_same_value_again_changes_nothing(operator: Operator) -> None:
    """With the same key, by whatever name, and with or without --overwrite."""
    key = operator.client("kms").create_key()["KeyMetadata"]
    operator.client("kms").create_alias(AliasName="alias/k", TargetKeyId=key["KeyId"])
    put(operator, "--yes", "--kms-key", "alias/k", "--description", "Stripe")
    for same in ([], ["--overwrite"], ["--kms-key", key["Arn"]], ["--tier", "Intelligent-Tiering"]):
        result = put(operator, "--yes", *same)
        assert (result.exit_code, result.stdout) == (0, "nothing to change\n")
    assert versions(operator) == 1


def test_another_value_is_not_stored_by_accident(operator: Operator) -> None:
    """Somebody else's may be there."""
    put(operator, "--yes")
    result = put(operator, "--yes", value="another")
    assert result.exit_code == 1
    assert f"{NAME} is there already, as version 1, and would change; pass --overwrite" in (
        result.stderr
    )
    assert versions(operator) == 1


def test_overwriting_shows_version_and_date_and_keeps_the_rest(operator: Operator) -> None:
    """Otherwise SSM would take its defaults for key and tier."""
    put(operator, "--yes", "--kms-key", "alias/k", "--description", "Stripe", "--tier", "Advanced")
    asked: list[Mapping[str, Any]] = []

    def answer(told: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(told)
        return {"Version": 2}

    operator.answer("ssm.PutParameter", answer)
    result = put(operator, "--yes", "--overwrite", value=f"{CANARY}-2")
    assert [line.split(":")[0] for line in result.stdout.splitlines()[1:]] == [
        "  - version",
        "  + version",
        "  - written",
        "  + written",
        "  - value",
        "  + value",
        f"{NAME} is stored, as version 2",
    ]
    assert asked == [
        {
            "Name": NAME,
            "Value": f"{CANARY}-2",
            "Type": "SecureString",
            "Overwrite": True,
            "KeyId": "alias/k",
            "Description": "Stripe",
            "Tier": "Advanced",
        }
    ]


def test_a_standard_parameter_stays_one(operator: Operator) -> None:
    """SSM would take the account's default, which may cost something each month."""
    put(operator, "--yes")
    asked: list[Mapping[str, Any]] = []

    def answer(told: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(told)
        return {"Version": 2}

    operator.answer("ssm.PutParameter", answer)
    put(operator, "--yes", "--overwrite", value=f"{CANARY}-2")
    assert [each["Tier"] for each in asked] == ["Standard"]


def test_a_tier_that_a_larger_value_needs_is_shown(operator: Operator) -> None:
    """It costs something each month, and there is no way back."""
    put(operator, "--yes")
    larger = ("--dry-run", "--overwrite", "--tier", "Intelligent-Tiering")
    assert "  - tier: Standard\n  + tier: Advanced\n" in (
        put(operator, *larger, value="x" * 4097).stdout
    )


def test_a_plain_parameter_becomes_encrypted(operator: Operator) -> None:
    """The same value, as a SecureString."""
    operator.client("ssm").put_parameter(Name=NAME, Value=CANARY, Type="String")
    assert "would change; pass --overwrite" in put(operator, "--yes").stderr
    result = put(operator, "--yes", "--overwrite")
    assert "  - type: String\n  + type: SecureString\n" in result.stdout
    assert "value" not in result.stdout


def test_a_value_that_may_not_be_read_is_overwritten_without_comparing(operator: Operator) -> None:
    """Whoever may write need not be allowed to read, and is told."""
    put(operator, "--yes")
    operator.deny("ssm.GetParameter")
    result = put(operator, "--yes", "--overwrite")
    assert result.exit_code == 0
    assert "(the given one; not compared with the current one: AccessDenied" in result.stdout


def test_a_key_that_may_not_be_seen_must_be_named(operator: Operator) -> None:
    """Overwriting without it would change it."""
    put(operator, "--yes", "--kms-key", "alias/k")
    operator.deny("ssm.DescribeParameters")
    result = put(operator, "--yes", "--overwrite", value="another")
    assert (
        "is not visible, and would be replaced by AWS's own; name it with --kms-key"
        in result.stderr
    )
    assert put(operator, "--yes").stdout == "nothing to change\n"
    named = ("--overwrite", "--kms-key", "alias/k")
    assert put(operator, "--yes", *named, value="another").exit_code == 0


def test_an_account_without_a_readable_alias_goes_by_its_number(operator: Operator) -> None:
    """Few roles may read it."""
    operator.deny("iam.ListAccountAliases")
    assert "in account 123456789012, region eu-central-1" in put(operator, "--dry-run").stdout
