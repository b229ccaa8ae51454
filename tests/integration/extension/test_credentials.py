"""AWS credentials that a container's endpoint gives the daemon, and what happens when they end."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Fault, Hold, Reply
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import Delivery
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.process import STEADY
from tests.patience import PATIENCE

NO_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
# Without a prefetch, which gives the container's endpoint a quarter of a second at first.
RESTORED = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
REFRESH = "/v1/secrets/P?refresh=true"


@pytest.fixture
def container(aws: FakeAws) -> Iterator[ContainerCredentials]:
    """The container's endpoint, which hands out the fake AWS's credentials; SSM holds `/p`."""
    aws.parameters.put("/p", "canary")
    with ContainerCredentials(aws.credentials) as running:
        yield running


def variables(
    container: ContainerCredentials, token_file: Path | None = None
) -> dict[str, str | None]:
    """The variables of a function that gets its credentials there, and declares `/p` as P."""
    return {**NO_KEYS, **container.environment(token_file), "P": "warmkey:/p"}


def test_keys_in_the_environment_are_used_first(
    aws: FakeAws, start: Start, container: ContainerCredentials
) -> None:
    """Where both are there, the container's endpoint is not asked."""
    container.credentials = aws.keys.issue()
    start(**container.environment(), P="warmkey:/p").wait_until_ready()
    assert [call.key_id for call in aws.calls] == [aws.credentials.key_id]
    assert container.requests == 0


def test_the_container_s_endpoint_gives_credentials(
    aws: FakeAws, start: Start, container: ContainerCredentials
) -> None:
    """With the token of the environment, as under SnapStart; one request serves every call."""
    given = {**variables(container), **RESTORED, "Q": "warmkey:secretsmanager:q"}
    daemon = start(**given).wait_until_ready()
    for target in ("/v1/secrets", REFRESH):
        daemon.get(target, {TOKEN_HEADER: container.token})
    assert len(aws.calls) == 3
    assert {call.key_id for call in aws.calls} == {aws.credentials.key_id}
    assert container.requests == 1


def test_the_container_s_token_may_be_in_a_file(
    aws: FakeAws, start: Start, container: ContainerCredentials, tmp_path: Path
) -> None:
    """Which is read again each time, as it is rotated."""
    file = tmp_path / "token"
    container.lifetime = 0  # each call asks again
    daemon = start(**variables(container, file)).wait_until_ready()
    container.token = "rotated"
    file.write_text("rotated\n")
    answer = daemon.get(REFRESH, {TOKEN_HEADER: aws.credentials.token})
    assert answer.text == "canary"


@pytest.mark.parametrize("whose", ["container", "credentials"])
def test_the_endpoint_takes_the_tokens_that_such_a_function_has(
    aws: FakeAws, start: Start, container: ContainerCredentials, whose: str
) -> None:
    """The container's authorization token, and the session token of the credentials in use."""
    daemon = start(**variables(container)).wait_until_ready()
    token = container.token if whose == "container" else aws.credentials.token
    assert daemon.get("/v1/secrets/P", {TOKEN_HEADER: token}).text == "canary"


def test_credentials_that_aws_calls_expired_are_read_again(
    aws: FakeAws, start: Start, container: ContainerCredentials
) -> None:
    """The reader waits for the second try, and gets the value."""
    daemon = start(**variables(container), **RESTORED).wait_until_ready()
    daemon.get("/v1/secrets/P", {TOKEN_HEADER: container.token})
    container.credentials = aws.rotate()
    assert daemon.get(REFRESH, {TOKEN_HEADER: container.token}).text == "canary"
    assert container.requests == 2
    assert aws.calls[-1].key_id == aws.credentials.key_id


def test_credentials_that_have_expired_are_renewed_before_a_call(
    aws: FakeAws, start: Start, container: ContainerCredentials
) -> None:
    """None is made with them where there are others."""
    container.lifetime = 0
    daemon = start(**variables(container)).wait_until_ready()
    container.credentials = aws.rotate()
    container.lifetime = 3600
    assert daemon.get(REFRESH, {TOKEN_HEADER: container.token}).text == "canary"
    assert daemon.status()["counters"]["upstreamErrors"] == 0


def test_credentials_that_still_hold_are_used_while_no_others_can_be_had(
    start: Start, container: ContainerCredentials
) -> None:
    """Renewal in advance is no reason to fail."""
    container.lifetime = 60
    daemon = start(**variables(container)).wait_until_ready()
    container.faults.always(ANY, INTERNAL_ERROR)
    assert daemon.get(REFRESH, {TOKEN_HEADER: container.token}).text == "canary"


@pytest.mark.parametrize(
    "fault",
    [INTERNAL_ERROR, Delivery.RESET, Delivery.TRUNCATED, Reply(b"{"), Reply(b"{}")],
    ids=str,
)
def test_a_passing_failure_of_the_container_s_endpoint_is_outlasted(
    start: Start, container: ContainerCredentials, fault: Fault
) -> None:
    """The prefetch tries again."""
    container.faults.once(ANY, fault)
    daemon = start(**variables(container)).wait_until_ready()
    assert daemon.get("/v1/secrets/P", {TOKEN_HEADER: container.token}).text == "canary"


def test_a_container_s_endpoint_that_hangs_holds_init_no_longer_than_prefetch_may(
    api: FakeRuntimeApi, start: Start, container: ContainerCredentials
) -> None:
    """However many calls wait for the credentials."""
    container.faults.always(ANY, Hold(threading.Event()))
    many = {f"S{number}": f"warmkey:secretsmanager:{number}" for number in range(3)}
    daemon = start(**variables(container), **many, WARMKEY_PREFETCH_TIMEOUT_MILLIS="100")
    api.wait_for(Call.EVENT_NEXT)
    assert daemon.status()["state"] == "ready"


def test_readers_are_heard_while_the_container_s_endpoint_hangs(
    start: Start, container: ContainerCredentials
) -> None:
    """The start leaves such an endpoint to workers, long before each call has had its attempt."""
    container.faults.always(ANY, Hold(threading.Event()))
    many = {f"S{number}": f"warmkey:secretsmanager:{number}" for number in range(32)}
    daemon = start(**variables(container), **many, WARMKEY_MAX_CONNECTIONS="32")
    container.wait_for_requests(1)  # the port is bound before
    assert daemon.get("/ping").text == "healthy"
    phases = daemon.status()["phases"]  # in milliseconds
    assert (phases["sent"] - phases["loaded"]) / 1000 < PATIENCE / 2


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        (Deny(), "the credentials endpoint answered 404"),
        (Reply(b"{}"), "the credentials endpoint's answer contains no credentials"),
        (Delivery.RESET, "the credentials endpoint failed: 127.0.0.1:"),
    ],
    ids=str,
)
def test_no_credentials_from_the_container_s_endpoint_is_a_problem(
    start: Start, container: ContainerCredentials, fault: Fault, detail: str
) -> None:
    """It says what the endpoint did."""
    container.lifetime = -1  # over, so that they serve one call
    daemon = start(**variables(container), **STEADY).wait_until_ready()
    container.faults.always(ANY, fault)
    problem = daemon.get(REFRESH, {TOKEN_HEADER: container.token})
    assert problem.status_code == 502
    assert detail in problem.json()["detail"]
    assert detail in daemon.logged("WARN")[0]["reason"]


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/credentials",
        "http://localhost.warmkey.invalid/",
        "http://127.0.0.1.warmkey.invalid/",
        "https://127.0.0.1/x",
        "nonsense",
    ],
)
def test_an_address_that_no_sdk_would_ask_is_not_asked(
    start: Start, container: ContainerCredentials, url: str
) -> None:
    """The token would go to whoever is there; the hint names the variable."""
    daemon = start(
        **variables(container) | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url}
    ).wait_until_ready()
    problem = daemon.get("/v1/secrets/P", {TOKEN_HEADER: container.token}).json()
    assert problem["type"] == "urn:warmkey:problem:upstream-refused"
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in problem["hint"]


@pytest.mark.parametrize(
    ("name", "reason"), [("gone", "No such file or directory"), ("token", "it is not UTF-8")]
)
def test_a_token_file_that_can_t_be_read_is_a_problem(
    start: Start, container: ContainerCredentials, tmp_path: Path, name: str, reason: str
) -> None:
    """It names the file, as does the log, and the variable."""
    file = tmp_path / name
    given = variables(container, file)
    file.unlink()
    (tmp_path / "token").write_bytes(b"\xff")
    soon = {"SSM_PARAMETER_STORE_TIMEOUT_MILLIS": "50"}  # nobody is waited for
    daemon = start(**given, **soon, WARMKEY_TOKEN="mine").wait_until_ready()
    problem = daemon.get("/v1/secrets/P", {TOKEN_HEADER: "mine"}).json()
    assert f"{file} can't be read: {reason}" in problem["detail"]
    assert problem["detail"].endswith(daemon.logged("ERROR")[0]["reason"])
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" in problem["hint"]
