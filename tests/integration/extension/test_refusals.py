"""What the daemon makes of refusals upstream: the good names still work, and the log says why."""

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny, Fault, Refuse
from tests.fakes.parameter import Key
from tests.integration.conftest import Start
from tests.integration.declared import declare

SINGLE = "each name is read with a call of its own"


@pytest.mark.parametrize("count", [2, 10, 25])
def test_parameters_are_read_alone_without_the_permission_for_batches(
    aws: FakeAws, start: Start, count: int
) -> None:
    """And one line of the log names the permission that would save the calls."""
    aws.faults.always("GetParameters", Deny())
    daemon = start(**declare(aws, count)).wait_until_ready()
    assert [daemon.read(f"P{number}") for number in range(count)] == [
        f"canary-{number}" for number in range(count)
    ]
    assert aws.actions.count("GetParameter") == count
    (line,) = [line for line in daemon.logged("WARN") if SINGLE in line["message"]]
    assert "grant ssm:GetParameters on arn:aws:ssm:" in line["hint"]
    assert daemon.logged("ERROR") == []


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (Deny(), "grant ssm:GetParameter on arn:aws:ssm:eu-west-1:123456789012:parameter/p/3"),
        (Refuse("InvalidKeyId", "the key is disabled"), "grant kms:Decrypt"),
    ],
)
def test_a_name_that_poisons_its_batch_spares_the_others(
    aws: FakeAws, start: Start, fault: Fault, hint: str
) -> None:
    """Nine of ten are served, and what is wrong with the tenth stands in log, answer and status."""
    variables = declare(aws, 10)
    aws.faults.always("/p/3", fault)
    daemon = start(**variables).wait_until_ready()
    assert sorted(aws.actions) == ["GetParameter"] * 10 + ["GetParameters"]
    assert [daemon.read(f"P{n}") for n in range(10) if n != 3] == [
        f"canary-{n}" for n in range(10) if n != 3
    ]
    problem = daemon.get("/v1/secrets/P3")
    assert problem.status_code == 502
    assert problem.json()["hint"].startswith(hint)
    (line,) = daemon.logged("ERROR")
    assert (line["name"], line["hint"]) == ("/p/3", problem.json()["hint"])
    assert line["reason"] in problem.json()["detail"]
    assert daemon.status()["secrets"]["P3"]["error"] == line["reason"]


@pytest.mark.parametrize("key", [Key.DISABLED, Key.DENIED])
@pytest.mark.parametrize("count", [1, 3])
def test_a_value_whose_key_may_not_be_used_says_which_permission_it_needs(
    aws: FakeAws, start: Start, key: Key, count: int
) -> None:
    """Alone or in a batch: kms:Decrypt, or the key is disabled."""
    variables = declare(aws, count)
    aws.parameters.set_key("/p/0", key)
    problem = start(**variables).wait_until_ready().get("/v1/secrets/P0")
    assert problem.status_code == 502
    assert "kms:Decrypt" in problem.json()["hint"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_parameter_that_does_not_exist_is_a_problem_of_its_own(
    aws: FakeAws, start: Start, count: int
) -> None:
    """It costs no more calls than the others, and its absence is remembered for a while."""
    variables = declare(aws, count - 1)
    daemon = start(**variables, GONE="warmkey:/gone", WARMKEY_NEGATIVE_TTL="300")
    daemon.wait_until_ready()
    for _ in range(2):
        problem = daemon.get("/v1/secrets/GONE")
        assert (problem.status_code, problem.headers["Content-Type"]) == (
            502,
            "application/problem+json",
        )
    assert problem.json() == {
        "type": "urn:warmkey:problem:upstream-missing",
        "title": "Bad Gateway",
        "status": 502,
        "detail": "GONE: SSM parameter /gone does not exist in this account and region",
        "hint": "create it, or correct the reference; `aws ssm describe-parameters` lists what "
        "there is",
    }
    assert len(aws.calls) == 1
    assert [line["name"] for line in daemon.logged("ERROR")] == ["/gone"]


def test_a_version_that_does_not_exist_is_named_with_its_selector(
    aws: FakeAws, start: Start
) -> None:
    """While the parameter's other versions are served."""
    aws.parameters.put("/p", "canary")
    daemon = start(A="warmkey:/p", B="warmkey:/p:7", C="warmkey:/p:1").wait_until_ready()
    assert (daemon.read("A"), daemon.read("C")) == ("canary", "canary")
    problem = daemon.get("/v1/secrets/B").json()
    assert problem["detail"] == (
        "B: SSM parameter /p:7 does not exist in this account and region, or has no such version "
        "or label"
    )
    assert "get-parameter-history --name /p`" in problem["hint"]


def test_a_denied_parameter_names_the_permission(aws: FakeAws, start: Start) -> None:
    """In the log and in the problem."""
    aws.parameters.put("/p", "canary")
    aws.faults.always("GetParameter", Deny())
    daemon = start(P="warmkey:/p").wait_until_ready()
    problem = daemon.get("/v1/secrets/P").json()
    assert problem["type"] == "urn:warmkey:problem:upstream-denied"
    assert problem["hint"] == (
        f"grant ssm:GetParameter on arn:aws:ssm:{aws.region}:123456789012:parameter/p "
        "to the function's role"
    )
    assert daemon.logged("ERROR")[0]["hint"] == problem["hint"]


def test_a_denied_secret_names_the_permission(aws: FakeAws, start: Start) -> None:
    """The same for Secrets Manager."""
    aws.secrets.put("prod/db", "canary")
    aws.faults.always("GetSecretValue", Deny())
    problem = start(S="warmkey:secretsmanager:prod/db").wait_until_ready().get("/v1/secrets/S")
    assert "grant secretsmanager:GetSecretValue on arn:aws:secretsmanager:" in problem.text


@pytest.mark.parametrize(
    ("name", "deleted", "detail"),
    [
        ("gone", False, "S: secret gone does not exist"),
        ("prod/db", True, "marked for deletion"),
    ],
)
def test_a_secret_that_is_gone_is_a_problem(
    aws: FakeAws, start: Start, name: str, deleted: bool, detail: str
) -> None:
    """Never there, or marked for deletion."""
    aws.secrets.put("prod/db", "canary")
    if deleted:
        aws.secrets.delete(name)
    problem = start(S=f"warmkey:secretsmanager:{name}").wait_until_ready().get("/v1/secrets/S")
    assert problem.status_code == 502
    assert detail in problem.json()["detail"]


def test_a_field_that_is_not_there_is_a_problem(aws: FakeAws, start: Start) -> None:
    """It names the field and not the value."""
    aws.parameters.put("/p", '{"user": "canary"}')
    aws.parameters.put("/q", "canary, no JSON")
    daemon = start(P="warmkey:/p#password", Q="warmkey:/q#a.b").wait_until_ready()
    assert "/p has no field password" in daemon.get("/v1/secrets/P").json()["detail"]
    assert "/q is not JSON, so it has no field a.b" in daemon.get("/v1/secrets/Q").json()["detail"]


def test_a_problem_holds_for_its_alias_alone_but_for_all_of_them(
    aws: FakeAws, start: Start
) -> None:
    """Reading everything fails where one can't be had: half of it would be worse."""
    daemon = start(**declare(aws, 2), GONE="warmkey:/gone").wait_until_ready()
    assert daemon.read("P1") == "canary-1"
    assert daemon.get("/v1/secrets").status_code == 502


def test_a_secret_without_a_current_version_is_said_to_have_none(
    aws: FakeAws, start: Start
) -> None:
    """It does exist."""
    aws.secrets.put("prod/db", "canary", stages=("BLUE",))
    daemon = start(S="warmkey:secretsmanager:prod/db").wait_until_ready()
    detail = daemon.get("/v1/secrets/S").json()["detail"]
    assert (
        "secret prod/db with versionStage AWSCURRENT does not exist, though the secret does (AWS: "
        in detail
    )


def test_the_current_version_is_asked_for_by_its_label_where_a_reader_does(
    aws: FakeAws, start: Start
) -> None:
    """A policy may allow that alone: a refusal without it is none of a read that names it."""
    aws.secrets.put("db", "canary")
    aws.faults.once("db", Deny())
    daemon = start(ALL="warmkey:secretsmanager:db", WARMKEY_NEGATIVE_TTL="300").wait_until_ready()
    get = "/secretsmanager/get?secretId=db"
    assert daemon.get(get).status_code == 400
    answer = daemon.get(f"{get}&versionStage=AWSCURRENT")
    assert answer.json()["SecretString"] == "canary"
    assert [call.version_stage for call in aws.calls] == [None, "AWSCURRENT"]


def test_the_current_version_is_asked_for_by_its_label_where_that_is_declared(
    aws: FakeAws, start: Start
) -> None:
    """And a reader who names it gets what is held."""
    aws.secrets.put("db", "canary")
    daemon = start(K="warmkey:secretsmanager:db?versionStage=AWSCURRENT").wait_until_ready()
    assert daemon.read("K") == "canary"
    answer = daemon.get("/secretsmanager/get?secretId=db&versionStage=AWSCURRENT")
    assert answer.json()["SecretString"] == "canary"
    assert [call.version_stage for call in aws.calls] == ["AWSCURRENT"]
