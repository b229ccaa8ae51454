"""The doctor on the quotas of Parameter Store, Secrets Manager and KMS."""

import pytest

from warmkey.deploy.doctor.checks import quota
from warmkey.deploy.doctor.checks.quota import Concurrency
from warmkey.deploy.doctor.finding import Finding, Unknown
from warmkey.deploy.secrets.stored import Absent, Entry, Stored
from warmkey.extension.declared.reference import parse

DENIED = Unknown("action", "denied")
SECURE = Stored("/p", "SecureString", "1", None)
PLAIN = Stored("/p", "String", "1", None)


def calls(*texts: str, stored: Entry = (PLAIN,)) -> dict[str, int]:
    """What reading some references costs, over three connections.

    Args:
        texts: The references.
        stored: What is stored for each.
    """
    sources = [parse(text).source for text in texts]
    return quota.calls(sources, dict.fromkeys(sources, stored), 3)


def look(
    number: int,
    reserved: int | None = None,
    *,
    account: int | Unknown = 1000,
    provisioned: int | Unknown = 0,
    higher: bool | Unknown = False,
) -> list[Finding]:
    """What is found about a function that makes some calls at each cold start."""
    concurrency = Concurrency(reserved, account, provisioned)
    return list(quota.check({"ssm:GetParameters": number}, concurrency, higher, "eu-south-2"))


def look_at(counted: dict[str, int], region: str = "eu-south-2") -> list[Finding]:
    """What is found about a function of which a thousand may start at once."""
    return list(quota.check(counted, Concurrency(None, 1000, 0), False, region))


@pytest.mark.parametrize(("parameters", "batches"), [(2, 1), (10, 1), (12, 2), (20, 2), (25, 3)])
def test_ten_parameters_cost_one_call(parameters: int, batches: int) -> None:
    """As the extension reads them."""
    assert calls(*(f"/p/{number}" for number in range(parameters))) == {
        "ssm:GetParameters": batches
    }


def test_each_action_is_counted_by_itself() -> None:
    """A path page by page, at least one."""
    assert calls("/a", "ssm:/app/*", "secretsmanager:b", stored=(PLAIN,) * 11) == {
        "ssm:GetParameter": 1,
        "ssm:GetParametersByPath": 2,
        "secretsmanager:GetSecretValue": 1,
    }
    assert calls("ssm:/app/*", stored=()) == {"ssm:GetParametersByPath": 1}


def test_secrets_beyond_the_connections_are_read_in_batches() -> None:
    """Which have a quota of their own."""
    assert calls(*(f"secretsmanager:s{number}" for number in range(22))) == {
        "secretsmanager:BatchGetSecretValue": 2
    }


def test_each_encrypted_value_is_decrypted_by_itself() -> None:
    """Whatever call brings it; what nobody may see may be encrypted, too."""
    assert calls("/a", "/b", stored=(SECURE,)) == {"ssm:GetParameters": 1, "kms:Decrypt": 2}
    assert calls("ssm:/app/*", stored=(SECURE, PLAIN, SECURE))["kms:Decrypt"] == 2
    assert calls("/a", stored=Absent("denied"))["kms:Decrypt"] == 1


def test_batches_of_secrets_have_a_quota_that_is_named() -> None:
    """A hundred calls a second, and how to do without batches."""
    assert look_at({"secretsmanager:GetSecretValue": 100}) == []
    [found] = look_at({"secretsmanager:BatchGetSecretValue": 2})
    assert found.problem == (
        "1000 cold starts at once make 2000 calls of BatchGetSecretValue, against 100 a second for "
        "the whole account"
    )
    assert found.cost == "the last of them has its secrets after 20 s; Lambda gives it 10"
    assert found.remedy.startswith("raise WARMKEY_MAX_CONNECTIONS to the number of secrets")


def test_decryptions_have_the_quota_of_their_region() -> None:
    """Which is ten times as much where most is."""
    assert look_at({"kms:Decrypt": 100}) == []
    [found] = look_at({"kms:Decrypt": 201}, "eu-central-1")
    assert found.problem == (
        "1000 cold starts at once make 201000 decryptions by KMS, against 20000 cryptographic "
        "operations a second that the account has in eu-central-1"
    )
    assert look_at({"kms:Decrypt": 1000}, "us-east-1") == []


def test_a_burst_that_lambda_waits_for_is_fine() -> None:
    """400 calls take ten seconds."""
    assert look(2, reserved=200) == []


def test_a_burst_over_the_quota_is_a_warning_with_figures() -> None:
    """And says how to raise it."""
    [found] = look(2, reserved=300)
    assert (found.severity, found.problem) == (
        "warning",
        "300 cold starts at once make 600 calls to Parameter Store, against 40 a second for the "
        "whole account",
    )
    assert found.cost == "the last of them has its secrets after 15 s; Lambda gives it 10"
    assert "high-throughput-enabled --setting-value true" in found.remedy


@pytest.mark.parametrize(
    ("concurrency", "burst"),
    [
        (Concurrency(None, 500, 0), 500),
        (Concurrency(None, 5000, 0), 1000),
        (Concurrency(50, 5000, 0), 50),
        (Concurrency(0, 1000, 0), 0),
        (Concurrency(None, 5000, 1500), 1500),
        (Concurrency(2000, 5000, 1500), 1500),
        (Concurrency(50, DENIED, DENIED), 50),
        (Concurrency(None, 1000, DENIED), 1000),
        (Concurrency(None, 5000, DENIED), DENIED),
        (Concurrency(None, DENIED, 0), DENIED),
    ],
)
def test_a_burst_is_what_is_reserved_or_what_the_account_has(
    concurrency: Concurrency, burst: int | Unknown
) -> None:
    """Lambda starts no more than a thousand at once, but for provisioned ones."""
    assert concurrency.burst == burst


def test_higher_throughput_has_a_quota_for_each_action() -> None:
    """The tightest counts."""
    assert look(10, higher=True) == []
    [found] = look(11, higher=True)
    assert "1000 cold starts at once make 11000 calls of GetParameters" in found.problem
    assert found.cost.startswith("the last of them has its secrets after 11 s")
    assert "update-service-setting" not in found.remedy


def test_a_quota_that_may_not_be_seen_is_said_only_where_it_matters() -> None:
    """The default may be enough."""
    assert look(1, reserved=1, higher=DENIED) == []
    [found] = look(1, higher=DENIED)
    assert found.severity == "unchecked"
    assert "after 25 s" in found.cost


def test_a_burst_that_may_not_be_seen_is_not_called_fine() -> None:
    """Unless nothing is read."""
    [found] = look(1, account=DENIED)
    assert found.severity == "unchecked"
    assert list(quota.check({}, Concurrency(None, DENIED, 0), False, "eu-south-2")) == []
    assert look_at({}) == []
