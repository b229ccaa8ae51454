"""A function under SnapStart, on the real core's own container credentials."""

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.environment import Environment
from tests.fakes.aws import FakeAws
from tests.rapid.snapstart import SnapStartFunction

HANDLER = """\
import os
import warmkey

def handler(event, context):
    if event == "read":
        return warmkey.get("KEY")
    return sorted(os.environ)
"""

pytestmark = pytest.mark.usefixtures("namespaces_granted")


@pytest.fixture(autouse=True)
def key(aws: FakeAws) -> None:
    """SSM holds a key."""
    aws.parameters.put("/key", "canary-1")


def restored(environment: Environment, aws: FakeAws) -> Environment:
    """An environment as it goes on from a snapshot of its init: what was connected is not."""
    environment.function.freeze()
    aws.drop_connections()
    environment.function.thaw()
    return environment


def test_no_value_is_in_the_snapshot(launch: Launch, aws: FakeAws) -> None:
    """Nothing is fetched before somebody reads, after the restore."""
    environment = launch(HANDLER, SnapStartFunction, KEY="warmkey:/key")
    environment.invoke()
    assert aws.calls == []
    aws.parameters.put("/key", "canary-2")
    assert restored(environment, aws).invoke("read") == "canary-2"
    assert aws.actions == ["GetParameter"]


def test_the_container_s_credentials_sign_and_its_token_opens_the_endpoint(
    launch: Launch, aws: FakeAws
) -> None:
    """The function has neither keys nor a session token, and its read is answered."""
    environment = launch(HANDLER, SnapStartFunction, KEY="warmkey:/key")
    variables = environment.invoke()
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN" in variables
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} & {*variables}
    assert environment.invoke("read") == "canary-1"
    assert [call.key_id for call in aws.calls] == [aws.credentials.key_id]


def test_a_required_secret_that_is_missing_does_not_fail_the_snapshot(launch: Launch) -> None:
    """Nobody has looked for it yet; who reads it hears of it."""
    environment = launch(HANDLER, SnapStartFunction, KEY="warmkey:/none", WARMKEY_REQUIRED="true")
    assert environment.invoke()
    answer = environment.function.invoke("read").payload
    assert "/none does not exist" in answer["errorMessage"]


def test_a_connection_from_before_the_snapshot_is_replaced_unnoticed(
    launch: Launch, aws: FakeAws
) -> None:
    """The extension's to AWS, if there was a read before: AWS has dropped the old one."""
    environment = launch(HANDLER, SnapStartFunction, KEY="warmkey:/key", WARMKEY_TTL="0")
    assert environment.invoke("read") == "canary-1"
    aws.parameters.put("/key", "canary-2")
    assert restored(environment, aws).invoke("read") == "canary-2"
    assert environment.status()["counters"]["upstreamErrors"] == 0
