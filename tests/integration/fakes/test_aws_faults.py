"""The fake AWS misbehaves as it is told, in order, and tells what arrived."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, GARBAGE, INTERNAL_ERROR, THROTTLE, Deny, Hold, Refuse
from tests.fakes.http_service import LOOPBACK, Delivery
from tests.patience import PATIENCE


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """The fake with two parameters."""
    with FakeAws() as running:
        running.parameters.put("/a", "canary-a", "String")
        running.parameters.put("/b", "canary-b", "String")
        yield running


@pytest.fixture
def ssm(aws: FakeAws) -> Iterator[Any]:
    """The SDK's client."""
    with sdk.client(aws) as client:
        yield client


def read(ssm: Any, name: str = "/a") -> str:
    """The value, or the code of the error."""
    try:
        value: str = ssm.get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        return code
    return value


def test_faults_come_in_order_and_end(aws: FakeAws, ssm: Any) -> None:
    """One for each call, None lets one through, and then all is well."""
    aws.faults.once("GetParameter", THROTTLE, None, INTERNAL_ERROR)
    assert [read(ssm) for _ in range(4)] == [
        "ThrottlingException",
        "canary-a",
        "InternalServerError",
        "canary-a",
    ]


def test_a_fault_may_stand_until_it_is_cleared(aws: FakeAws, ssm: Any) -> None:
    """`always` means so."""
    aws.faults.always(ANY, THROTTLE)
    assert [read(ssm), read(ssm)] == ["ThrottlingException"] * 2
    aws.faults.clear()
    assert read(ssm) == "canary-a"


def test_a_fault_of_one_action_spares_the_others(aws: FakeAws, ssm: Any) -> None:
    """A role may lack GetParameters and have GetParameter."""
    aws.faults.always("GetParameters", Deny())
    assert read(ssm) == "canary-a"
    with pytest.raises(ClientError, match="AccessDenied"):
        ssm.get_parameters(Names=["/a"])


def test_one_poisoned_name_fails_its_batch(aws: FakeAws, ssm: Any) -> None:
    """With whatever selector it is asked for; other names are spared."""
    aws.faults.always("/b", Deny())
    with pytest.raises(ClientError, match=r"ssm:GetParameters on resource: .*:parameter/b because"):
        ssm.get_parameters(Names=["/a", "/b:1"])
    assert read(ssm, "/a") == "canary-a"


def test_a_denial_names_caller_action_and_resource(aws: FakeAws, ssm: Any) -> None:
    """In IAM's words."""
    aws.faults.once("/a", Deny())
    with pytest.raises(ClientError) as refused:
        ssm.get_parameter(Name="/a")
    assert refused.value.response["Error"] == {
        "Code": "AccessDeniedException",
        "Message": "User: arn:aws:sts::123456789012:assumed-role/function-role/function is not "
        "authorized to perform: ssm:GetParameter on resource: "
        f"arn:aws:ssm:{aws.region}:123456789012:parameter/a because no identity-based policy "
        "allows the ssm:GetParameter action",
    }


def test_a_denial_of_what_is_not_there_names_everything(aws: FakeAws, ssm: Any) -> None:
    """IAM then names the resource `*`."""
    aws.faults.once("GetParameter", Deny())
    with pytest.raises(ClientError, match=r"resource: arn:aws:ssm:[a-z0-9-]+:\d+:\* because"):
        ssm.get_parameter(Name="/no")


def test_a_denial_of_a_path_names_the_path(aws: FakeAws, ssm: Any) -> None:
    """GetParametersByPath is granted on the path alone."""
    aws.faults.once("/app/prod/", Deny())
    with pytest.raises(ClientError, match=r"parameter/app/prod/ because"):
        ssm.get_parameters_by_path(Path="/app/prod/")


def test_a_denial_of_a_secret_names_its_arn(aws: FakeAws) -> None:
    """Secrets Manager is refused the same way."""
    aws.secrets.put("prod/db", "canary")
    aws.faults.once("prod/db", Deny())
    with (
        sdk.client(aws, "secretsmanager") as client,
        pytest.raises(ClientError, match=r"secretsmanager:GetSecretValue on .*secret:prod/db-"),
    ):
        client.get_secret_value(SecretId="prod/db")


def test_a_type_may_carry_a_prefix(aws: FakeAws, ssm: Any) -> None:
    """Some services write `com.amazon.…#ThrottlingException`."""
    aws.faults.once("GetParameter", Refuse("com.amazon.coral.service#ThrottlingException", "slow"))
    assert read(ssm) == "ThrottlingException"


def test_a_held_call_is_seen_before_it_is_answered(aws: FakeAws, ssm: Any) -> None:
    """It waits until the event is set."""
    go = threading.Event()
    aws.faults.once("GetParameter", Hold(go))
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(read, ssm)
        aws.wait_for_calls(1)
        assert not answer.done()
        go.set()
        assert answer.result(PATIENCE) == "canary-a"


def test_a_held_call_may_fail_in_the_end(aws: FakeAws, ssm: Any) -> None:
    """`then` is the fault that follows the wait."""
    go = threading.Event()
    go.set()
    aws.faults.once("GetParameter", Hold(go, then=THROTTLE))
    assert read(ssm) == "ThrottlingException"


def test_leaving_lets_go_of_held_calls() -> None:
    """Whoever forgets an event does not hang."""
    forgotten = threading.Event()
    with FakeAws() as aws, sdk.client(aws) as ssm, ThreadPoolExecutor() as pool:
        aws.faults.once("GetParameter", Hold(forgotten))
        pool.submit(read, ssm)
        aws.wait_for_calls(1)
        aws.close()
    assert forgotten.is_set()


def test_a_call_is_recorded_as_it_arrived(aws: FakeAws, ssm: Any) -> None:
    """Action, names, decryption, who signed it, and with what."""
    ssm.get_parameters(Names=["/a", "/b:1"], WithDecryption=True)
    read(ssm)
    first, second = aws.calls
    assert (first.action, first.names, first.with_decryption) == (
        "GetParameters",
        ("/a", "/b:1"),
        True,
    )
    assert (second.action, second.names, second.with_decryption) == ("GetParameter", ("/a",), None)
    assert first.key_id == aws.credentials.key_id
    assert first.user_agent.startswith("Boto3/")
    assert first.at <= second.at


def test_waiting_for_calls_that_do_not_come_says_which_came(aws: FakeAws, ssm: Any) -> None:
    """The message helps whose test it is."""
    read(ssm)
    with pytest.raises(TimeoutError, match=r"for 2 calls; these came: GetParameter$"):
        aws.wait_for_calls(2, timeout=0.01)


def test_connections_are_kept_alive_and_counted(aws: FakeAws) -> None:
    """Two calls on one connection; a dropped one is replaced."""
    with closing(HTTPConnection(LOOPBACK, aws.port, PATIENCE)) as connection:

        def call() -> None:
            connection.request("POST", "/")
            connection.getresponse().read()

        call()
        call()
        aws.drop_connections()
        assert connection.sock.recv(1) == b""
        connection.close()
        call()
    assert [call.connection for call in aws.calls] == [1, 1, 2]
    assert aws.connections == 2


def test_the_sdk_sees_a_broken_connection(aws: FakeAws, ssm: Any) -> None:
    """By the name that botocore has for it."""
    aws.faults.once("GetParameter", Delivery.RESET)
    with pytest.raises(ConnectionClosedError):
        ssm.get_parameter(Name="/a")


@pytest.mark.parametrize("fault", [Delivery.HANG, Delivery.HANG_IN_BODY])
def test_the_sdk_gives_up_on_silence(aws: FakeAws, fault: Delivery) -> None:
    """By the name that botocore has for that."""
    aws.faults.once("GetParameter", fault)
    with sdk.client(aws, read_timeout=0.2) as ssm, pytest.raises(ReadTimeoutError):
        ssm.get_parameter(Name="/a")


def test_garbage_is_not_an_answer(aws: FakeAws, ssm: Any) -> None:
    """Status 200 with half a JSON text, which botocore takes for an answer without fields."""
    aws.faults.once("GetParameter", GARBAGE)
    answer = ssm.get_parameter(Name="/a")
    assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    assert answer == {}


def test_a_refusal_may_be_lost_on_the_way_too(aws: FakeAws, ssm: Any) -> None:
    """A way to deliver holds for whatever there is to answer."""
    aws.faults.once("GetParameter", Delivery.RESET)
    with pytest.raises(ConnectionClosedError):
        ssm.get_parameter(Name="/no")
