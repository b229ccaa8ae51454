"""A source may be read as another account's role."""

import threading
from collections.abc import Iterator

import pytest

from tests.fakes.accounts import OTHER, Accounts
from tests.fakes.aws import REGION, FakeAws
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Hold
from tests.integration.extension.conftest import Begin
from tests.integration.process import STEADY


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    """Two accounts, which both hold `/p` and the secret `s`."""
    with Accounts() as running:
        for account, whose in ((running.home, "own"), (running.at(REGION, OTHER), "other")):
            account.parameters.put("/p", f"canary-{whose}")
            account.parameters.put("/path/a", f"canary-{whose}-below")
            account.secrets.put("s", f"canary-{whose}-secret")
        yield running


@pytest.fixture
def other(accounts: Accounts) -> FakeAws:
    """The other account."""
    return accounts.at(REGION, OTHER)


@pytest.fixture
def role(accounts: Accounts) -> str:
    """A role of the other account, which trusts the function."""
    return accounts.role("reader")


def test_a_reference_is_read_as_its_role(
    accounts: Accounts, other: FakeAws, role: str, begin: Begin
) -> None:
    """One call of STS serves all that it reads; the same names are other values."""
    as_role = f"?roleArn={role}"
    daemon = begin(
        OWN="warmkey:/p",
        OTHER=f"warmkey:/p{as_role}",
        OWN_SECRET="warmkey:secretsmanager:s",
        OTHER_SECRET=f"warmkey:secretsmanager:s{as_role}&versionStage=AWSCURRENT",
        AWS_LAMBDA_FUNCTION_NAME="charge",
    ).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {
        "OWN": "canary-own",
        "OTHER": "canary-other",
        "OWN_SECRET": "canary-own-secret",
        "OTHER_SECRET": "canary-other-secret",
    }
    (call,) = accounts.sts.calls
    assert (call.action, call.form["RoleArn"]) == ("AssumeRole", role)
    assert call.form["RoleSessionName"] == "charge"
    assert call.key_id == accounts.home.credentials.key_id
    assert sorted(other.actions) == ["GetParameter", "GetSecretValue"]


def test_a_path_is_read_as_its_role(role: str, begin: Begin) -> None:
    """With all that is below it."""
    daemon = begin(PATH_=f"warmkey:ssm:/path/*?roleArn={role}").wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {"a": "canary-other-below"}


def test_the_role_is_assumed_in_the_prefetch_s_first_flight(
    accounts: Accounts, role: str, begin: Begin
) -> None:
    """Beside what needs no role, which does not wait for it."""
    answered = threading.Event()
    accounts.sts.faults.once(ANY, Hold(answered))
    daemon = begin(OWN="warmkey:/p", OTHER=f"warmkey:/p?roleArn={role}")
    accounts.sts.wait_for_calls(1)
    accounts.home.wait_for_calls(1)
    assert daemon.read("OWN") == "canary-own"
    answered.set()
    daemon.wait_until_ready()
    assert daemon.read("OTHER") == "canary-other"
    calls = {call["service"]: call["phases"] for call in daemon.status()["calls"]}
    assert calls["sts"]["sent"] <= daemon.status()["phases"]["sent"]


def test_the_external_id_is_told(accounts: Accounts, begin: Begin) -> None:
    """By the setting."""
    role = accounts.role("partner", external_id="of-ours:1")
    daemon = begin(P=f"warmkey:/p?roleArn={role}", WARMKEY_EXTERNAL_ID="of-ours:1")
    assert daemon.wait_until_ready().read("P") == "canary-other"


def test_a_role_that_does_not_trust_the_function_says_what_to_do(
    accounts: Accounts, begin: Begin
) -> None:
    """At both ends: without its external id it trusts nobody."""
    role = accounts.role("partner", external_id="of-ours:1")
    daemon = begin(P=f"warmkey:/p?roleArn={role}").wait_until_ready()
    problem = daemon.get("/v1/secrets/P").json()
    assert problem["type"].endswith("upstream-denied")
    assert f"not authorized to perform: sts:AssumeRole on resource: {role}" in problem["detail"]
    assert problem["hint"] == (
        f"grant sts:AssumeRole on {role} to the function's own role, "
        f"and let the trust policy of {role} name who runs here"
    )


def test_a_role_that_may_not_be_assumed_harms_no_other_read(
    accounts: Accounts, role: str, begin: Begin
) -> None:
    """Nor another role's."""
    refused = role.replace("reader", "nobody")
    daemon = begin(
        OWN="warmkey:/p", OTHER=f"warmkey:/p?roleArn={role}", NOT=f"warmkey:/p?roleArn={refused}"
    ).wait_until_ready()
    assert (daemon.read("OWN"), daemon.read("OTHER")) == ("canary-own", "canary-other")
    assert daemon.get("/v1/secrets/NOT").json()["type"].endswith("upstream-denied")
    assert len(accounts.sts.calls) == 2


def test_a_denial_names_the_role_that_was_denied(other: FakeAws, role: str, begin: Begin) -> None:
    """The function's own needs nothing."""
    other.faults.always(ANY, Deny())
    daemon = begin(P=f"warmkey:/p?roleArn={role}").wait_until_ready()
    hint = daemon.get("/v1/secrets/P").json()["hint"]
    assert hint.startswith("grant ssm:GetParameter on ")
    assert hint.endswith(f" to {role}")


def test_expired_credentials_of_a_role_are_renewed(
    accounts: Accounts, other: FakeAws, role: str, begin: Begin
) -> None:
    """By those of the function, before a reader hears of it."""
    daemon = begin(P=f"warmkey:/p?roleArn={role}").wait_until_ready()
    other.keys.expire_all()
    assert daemon.get("/v1/secrets/P?refresh=true").text == "canary-other"
    assert len(accounts.sts.calls) == 2


def test_the_last_good_value_serves_while_sts_is_down(
    accounts: Accounts, other: FakeAws, role: str, begin: Begin
) -> None:
    """As while the service itself is."""
    given = {**STEADY, "WARMKEY_TTL": "1"}
    daemon = begin(P=f"warmkey:/p?roleArn={role}", **given).wait_until_ready()
    accounts.sts.faults.always(ANY, INTERNAL_ERROR)
    other.keys.expire_all()
    while (answer := daemon.get("/v1/secrets/P")).headers["Warmkey-State"] != "stale":
        assert answer.text == "canary-other"
    assert answer.text == "canary-other"


def test_the_aws_paths_take_a_role(role: str, begin: Begin) -> None:
    """As AWS's own agent does; a value that is held for one is none for another."""
    daemon = begin().wait_until_ready()

    def secret(more: str) -> str:
        answer = daemon.get(f"/secretsmanager/get?secretId=s{more}").json()
        return str(answer["SecretString"])

    def parameter(more: str) -> str:
        answer = daemon.get(f"/systemsmanager/parameters/get?name=/p&withDecryption=true{more}")
        return str(answer.json()["Parameter"]["Value"])

    as_role = f"&roleArn={role}"
    for more, whose in (("", "own"), (as_role, "other"), ("", "own"), (as_role, "other")):
        assert secret(more) == f"canary-{whose}-secret"
        assert secret(f"&versionStage=AWSCURRENT{more}") == f"canary-{whose}-secret"
        assert parameter(more) == f"canary-{whose}"


def test_a_role_on_the_aws_paths_is_checked(accounts: Accounts, begin: Begin) -> None:
    """Nothing else than a role's ARN reaches STS."""
    daemon = begin().wait_until_ready()
    answer = daemon.get("/secretsmanager/get?secretId=s&roleArn=reader")
    assert answer.status_code == 400
    assert "roleArn is 'reader'; it must be of the form arn:aws:iam::ACCOUNT:role/" in answer.text
    assert accounts.sts.calls == []


def test_secret_declared_for_a_role_is_declared_for_no_other(
    accounts: Accounts, role: str, begin: Begin
) -> None:
    """Where nothing else is served; nor is what is below a path."""
    daemon = begin(
        P=f"warmkey:/p?roleArn={role}",
        PATH_=f"warmkey:ssm:/path/*?roleArn={role}",
        WARMKEY_ALLOW="declared",
    ).wait_until_ready()
    for name, status in (("/p", 403), ("/path/a", 403)):
        path = f"/systemsmanager/parameters/get?name={name}&withDecryption=true"
        assert daemon.get(path).status_code in (400, status)
        assert "canary-other" in daemon.get(f"{path}&roleArn={role}").text
    assert accounts.home.actions == []


def test_roles_that_nobody_declared_keep_a_bounded_number_of_threads(
    accounts: Accounts, begin: Begin
) -> None:
    """And one that was not used for long is assumed again."""
    daemon = begin().wait_until_ready()

    def read(number: int) -> str:
        role = accounts.role(f"reader-{number}")
        answer = daemon.get(f"/secretsmanager/get?secretId=s&roleArn={role}&refreshNow=true")
        return str(answer.json()["SecretString"])

    assert {read(number) for number in range(70)} == {"canary-other-secret"}
    assert read(0) == "canary-other-secret"
    assert len(accounts.sts.calls) == 71


def test_a_bad_external_id_stops_the_start(begin: Begin) -> None:
    """With what it may be."""
    daemon = begin(WARMKEY_EXTERNAL_ID="two words")
    daemon.process.wait()
    assert "WARMKEY_EXTERNAL_ID is 'two words'; it must be 2 to 1224" in daemon.output
