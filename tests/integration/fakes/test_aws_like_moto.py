"""Where moto is right, the fake AWS answers in the same shape."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.moto_aws import MotoAws

Ask = Callable[[Any], dict[str, Any]]
CONVERSATION = {
    "one parameter": ("ssm", lambda c: c.get_parameter(Name="/app/a", WithDecryption=True)),
    "one ciphertext": ("ssm", lambda c: c.get_parameter(Name="/app/a")),
    "a batch": ("ssm", lambda c: c.get_parameters(Names=["/app/a", "/no"], WithDecryption=True)),
    "a path": ("ssm", lambda c: c.get_parameters_by_path(Path="/app", WithDecryption=True)),
    "an empty path": ("ssm", lambda c: c.get_parameters_by_path(Path="/none")),
    "a secret": ("secretsmanager", lambda c: c.get_secret_value(SecretId="prod/db")),
    "a binary secret": ("secretsmanager", lambda c: c.get_secret_value(SecretId="prod/cert")),
}
REFUSALS = {
    "an unknown parameter": ("ssm", lambda c: c.get_parameter(Name="/no")),
    "an unknown version": ("ssm", lambda c: c.get_parameter(Name="/app/a:9")),
    "too many names": ("ssm", lambda c: c.get_parameters(Names=[f"/{n}" for n in range(11)])),
    "an unknown secret": ("secretsmanager", lambda c: c.get_secret_value(SecretId="no")),
    "an unknown stage": (
        "secretsmanager",
        lambda c: c.get_secret_value(SecretId="prod/db", VersionStage="NO"),
    ),
}


@pytest.fixture(scope="module")
def aws() -> Iterator[FakeAws]:
    """The fake, with a parameter and two secrets."""
    with FakeAws() as running:
        running.parameters.put("/app/a", "canary")
        running.secrets.put("prod/db", "canary")
        running.secrets.put("prod/cert", b"canary")
        yield running


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoAws]:
    """The same in moto."""
    with MotoAws() as running:
        running.put_secure({"/app/a": "canary"})
        secrets = running.client("secretsmanager")
        secrets.create_secret(Name="prod/db", SecretString="canary")
        secrets.create_secret(Name="prod/cert", SecretBinary=b"canary")
        secrets.close()
        yield running


def shape(answer: Any) -> Any:
    """Keys and types of an answer, without its values."""
    match answer:
        case dict():
            return {key: shape(answer[key]) for key in answer if key != "ResponseMetadata"}
        case list():
            return [shape(item) for item in answer]
        case _:
            return type(answer).__name__


@pytest.mark.parametrize(("service", "ask"), CONVERSATION.values(), ids=CONVERSATION.keys())
def test_an_answer_has_the_keys_and_types_of_moto_s(
    aws: FakeAws, moto: MotoAws, service: Any, ask: Ask
) -> None:
    """Names, values and numbers apart, there is no difference."""
    theirs = moto.client(service)
    with sdk.client(aws, service) as ours:
        assert shape(ask(ours)) == shape(ask(theirs))
    theirs.close()


@pytest.mark.parametrize(("service", "ask"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_has_the_code_of_moto_s(
    aws: FakeAws, moto: MotoAws, service: Any, ask: Ask
) -> None:
    """The words may differ, and moto's status does: AWS says 400 where moto says 404."""
    theirs = moto.client(service)
    with sdk.client(aws, service) as ours:
        assert refusal(ask, ours) == refusal(ask, theirs)
    theirs.close()


def refusal(ask: Ask, client: Any) -> str:
    """Code of the error that a request runs into."""
    with pytest.raises(ClientError) as refused:
        ask(client)
    code: str = refused.value.response["Error"]["Code"]
    return code
