"""The counting moto, through boto3 and through plain HTTP."""

import json
from collections.abc import Iterator

import boto3
import pytest
import requests

from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, Call, MotoAws
from tests.patience import PATIENCE


@pytest.fixture
def aws() -> Iterator[MotoAws]:
    """Moto with the two parameters of the main job."""
    with MotoAws() as running:
        running.put_secure(
            {"/stripeSecretKey/live": "canary-l", "/stripeSecretKey/test": "canary-t"}
        )
        yield running


def read(aws: MotoAws, user_agent: str, *, decrypt: bool = True) -> dict[str, object]:
    """Read a parameter as a program with that User-Agent would."""
    reply = requests.post(
        aws.url,
        json.dumps({"Names": ["/stripeSecretKey/live"], "WithDecryption": decrypt}),
        headers={
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AmazonSSM.GetParameters",
            "User-Agent": user_agent,
            "Authorization": f"AWS4-HMAC-SHA256 Credential=A/20261101/{REGION}/ssm/aws4_request",
        },
        timeout=PATIENCE,
    )
    answer: dict[str, object] = reply.json()["Parameters"][0]
    return answer


def test_a_parameter_is_a_secure_string_that_needs_decryption(aws: MotoAws) -> None:
    """Without `WithDecryption` its value is not the secret."""
    decrypted = read(aws, "test/1")
    assert (decrypted["Type"], decrypted["Value"]) == ("SecureString", "canary-l")
    assert read(aws, "test/1", decrypt=False)["Value"] != "canary-l"


def test_the_extension_is_told_by_its_user_agent(aws: MotoAws) -> None:
    """The daemon calls itself `warmkey/VERSION`."""
    read(aws, "warmkey/0.1.0")
    assert aws.calls[-1] == Call("ssm", "GetParameters", "extension")
    assert (aws.count("ssm", "extension"), aws.count("ssm", "function")) == (1, 0)


def test_boto3_in_a_handler_counts_as_the_function(aws: MotoAws) -> None:
    """Whoever is neither the extension nor the operator is the function."""
    ssm = boto3.client(
        "ssm",
        region_name=REGION,
        endpoint_url=aws.url,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
    )
    ssm.get_parameter(Name="/stripeSecretKey/live", WithDecryption=True)
    ssm.close()
    assert aws.calls[-1] == Call("ssm", "GetParameter", "function")


def test_setting_up_counts_as_the_operator(aws: MotoAws) -> None:
    """Making the key and putting two parameters are three calls of the operator's."""
    assert [(call.service, call.action) for call in aws.calls] == [
        ("kms", "CreateKey"),
        ("ssm", "PutParameter"),
        ("ssm", "PutParameter"),
    ]
    assert {call.caller for call in aws.calls} == {"operator"}


def test_a_program_that_only_mentions_warmkey_is_not_the_extension(aws: MotoAws) -> None:
    """The name must stand first."""
    read(aws, "Boto3/1 app/warmkey/1")
    assert aws.calls[-1].caller == "function"


@pytest.mark.usefixtures("aws")
def test_a_second_server_starts_empty() -> None:
    """Moto's state is the process's; a new server forgets that of the one before."""
    with MotoAws() as second:
        ssm = second.client("ssm")
        with pytest.raises(ssm.exceptions.ParameterNotFound):
            ssm.get_parameter(Name="/stripeSecretKey/live")
        ssm.close()
