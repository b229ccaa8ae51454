"""Credentials of an EC2 instance's role, by version 2 of its metadata service."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import INTERNAL_ERROR, Fault, Refuse, Reply
from tests.fakes.http_service import Delivery
from tests.fakes.instance_metadata import ROLES, TOKEN, InstanceMetadata
from tests.integration.conftest import Serve, Start
from tests.integration.process import SHORT, STEADY

NO_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
ROLE = ROLES + "instance-role"
ASKED = [f"PUT {TOKEN}", f"GET {ROLES}", f"GET {ROLE}"]
REFRESH = "/v1/secrets/P?refresh=true"
NONE_YET = {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role"}


@pytest.fixture
def metadata(aws: FakeAws) -> Iterator[InstanceMetadata]:
    """The service; SSM holds `/p`."""
    aws.parameters.put("/p", "canary")
    with InstanceMetadata(aws.credentials) as running:
        yield running


def variables(metadata: InstanceMetadata, **more: str | None) -> dict[str, str | None]:
    """The variables of a sidecar on the instance, which declares `/p` as P."""
    given = {"WARMKEY_TOKEN": "canary-of-the-sidecar", "P": "warmkey:/p", **more}
    return {**NO_KEYS, **metadata.environment(), **given}


def detail(answer: Any) -> str:
    """What a problem says, and the hint."""
    told = answer.json()
    return f"{told['detail']}; {told.get('hint', '')}"


def test_a_sidecar_reads_with_the_role_of_its_instance(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """By a token, the role's name and its credentials, which serve every read."""
    sidecar = serve(**variables(metadata)).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"
    assert sidecar.get(REFRESH).text == "canary"
    assert metadata.requests == ASKED


def test_credentials_that_aws_calls_expired_are_asked_for_again(
    aws: FakeAws, metadata: InstanceMetadata, serve: Serve
) -> None:
    """By a new token, whatever became of the earlier one."""
    sidecar = serve(**variables(metadata)).wait_until_ready()
    metadata.credentials = aws.rotate()
    metadata.forget_tokens()
    assert sidecar.get(REFRESH).text == "canary"
    assert metadata.requests == ASKED * 2


def test_credentials_that_the_service_can_t_renew_are_used_as_they_are(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """It may give some that have expired by its own word; AWS has the last one."""
    metadata.lifetime = -60
    sidecar = serve(**variables(metadata)).wait_until_ready()
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_service_that_is_switched_off_is_not_asked(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """By the variable of the SDKs."""
    off = variables(metadata, AWS_EC2_METADATA_DISABLED="true")
    sidecar = serve(**off).wait_until_ready()
    assert "there are no AWS credentials" in detail(sidecar.get("/v1/secrets/P"))
    assert metadata.requests == []


def test_a_function_asks_no_instance(metadata: InstanceMetadata, start: Start) -> None:
    """Lambda has none: its absence would cost a start seconds."""
    daemon = start(**variables(metadata)).wait_until_ready()
    daemon.token = "canary-of-the-sidecar"
    assert "there are no AWS credentials" in detail(daemon.get("/v1/secrets/P"))
    assert metadata.requests == []


def test_a_token_that_the_network_drops_is_explained(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """In a container, a hop limit of 1 keeps the answer away."""
    metadata.hops = 2
    sidecar = serve(**variables(metadata, **SHORT)).wait_until_ready()
    said = detail(sidecar.get("/v1/secrets/P"))
    assert "the environment has no AWS credentials, and the instance metadata service " in said
    assert "raise the instance's hop limit to 2" in said
    metadata.hop_limit = 2
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_a_service_that_the_instance_has_switched_off_is_said_to_be(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """It answers 403."""
    metadata.enabled = False
    sidecar = serve(**variables(metadata, **SHORT)).wait_until_ready()
    said = detail(sidecar.get("/v1/secrets/P"))
    assert "the instance metadata service answered 403; switch it on" in said


def test_an_instance_without_a_role_is_said_to_have_none(
    metadata: InstanceMetadata, serve: Serve
) -> None:
    """One that is attached later is found."""
    metadata.role = None
    sidecar = serve(**variables(metadata, **SHORT)).wait_until_ready()
    assert "the instance has no role; attach" in detail(sidecar.get("/v1/secrets/P"))
    metadata.role = "instance-role"
    assert sidecar.get("/v1/secrets/P").text == "canary"


@pytest.mark.parametrize(
    ("target", "fault", "said"),
    [
        (TOKEN, INTERNAL_ERROR, "the instance metadata service answered 500"),
        (TOKEN, Reply(b"\xff\x00"), "the instance metadata service answered 200"),
        (TOKEN, Delivery.RESET, "Connection reset"),
        (ROLES, Refuse("", status=401), "the instance metadata service answered 401"),
        (ROLES, Reply(b"two words"), "the instance metadata service answered 200"),
        (ROLES, Reply(b""), "the instance has no role"),
        (ROLE, Refuse("", status=401), "the instance metadata service answered 401"),
        (ROLE, Reply(b'{"AccessKeyId": "AK'), "'s answer contains no credentials"),
        (ROLE, Reply(json.dumps(NONE_YET).encode()), "credentials: AssumeRoleUnauthorizedAccess"),
        (ROLE, Delivery.TRUNCATED, "the instance metadata service failed"),
    ],
)
def test_an_outage_is_outlasted(
    metadata: InstanceMetadata, serve: Serve, target: str, fault: Fault, said: str
) -> None:
    """Refusals, garbage and a broken connection; once it is over, reads are answered."""
    metadata.faults.always(target, fault)
    sidecar = serve(**variables(metadata, **SHORT)).wait_until_ready()
    assert said in detail(sidecar.get("/v1/secrets/P"))
    metadata.faults.clear()
    assert sidecar.get("/v1/secrets/P").text == "canary"


def test_the_last_good_value_serves_through_an_outage(
    aws: FakeAws, metadata: InstanceMetadata, serve: Serve
) -> None:
    """As while AWS itself is out."""
    sidecar = serve(**variables(metadata, **STEADY, WARMKEY_TTL="1")).wait_until_ready()
    metadata.faults.always(TOKEN, INTERNAL_ERROR)
    metadata.credentials = aws.rotate()
    while (answer := sidecar.get("/v1/secrets/P")).headers["Warmkey-State"] != "stale":
        assert answer.text == "canary"
    assert answer.text == "canary"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("169.254.169.254", "'169.254.169.254' is not a URL"),
        ("https://127.0.0.1", "AWS_EC2_METADATA_SERVICE_ENDPOINT is 'https://127.0.0.1'; it must"),
    ],
)
def test_a_bad_address_is_named(
    metadata: InstanceMetadata, serve: Serve, url: str, said: str
) -> None:
    """With what to mend."""
    given = variables(metadata, AWS_EC2_METADATA_SERVICE_ENDPOINT=url)
    assert said in detail(serve(**given).wait_until_ready().get("/v1/secrets/P"))
