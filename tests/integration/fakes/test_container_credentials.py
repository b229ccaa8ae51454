"""The fake container credentials endpoint, asked by botocore's own provider."""

import datetime
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.credentials import ContainerProvider
from botocore.exceptions import CredentialRetrievalError
from botocore.httpsession import URLLib3Session
from botocore.utils import ContainerMetadataFetcher

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Hold, Reply
from tests.fakes.http_service import Delivery
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE

TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"


@pytest.fixture
def endpoint() -> Iterator[ContainerCredentials]:
    """The endpoint, with credentials that nobody else knows."""
    with ContainerCredentials(Credentials.fresh()) as running:
        yield running


def load(environment: Mapping[str, str]) -> Any:
    """What botocore makes of these variables; it tries three times, without a pause here."""
    patient: Any = URLLib3Session(timeout=int(PATIENCE))
    fetcher: Any = ContainerMetadataFetcher(patient, sleep=lambda _: None)
    return ContainerProvider(environment, fetcher).load().get_frozen_credentials()


def test_the_credentials_open_the_fake_aws(endpoint: ContainerCredentials) -> None:
    """Key, secret and token arrive whole."""
    with FakeAws() as aws:
        aws.keys.accept(endpoint.credentials)
        aws.parameters.put("/a", "canary", "String")
        loaded = load(endpoint.environment())
        given = Credentials(loaded.access_key, loaded.secret_key, loaded.token)
        with sdk.client(aws, credentials=given) as ssm:
            assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "canary"


def test_the_token_may_come_from_a_file(endpoint: ContainerCredentials, tmp_path: Path) -> None:
    """AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, as on EKS."""
    environment = endpoint.environment(tmp_path / "token")
    assert TOKEN not in environment
    assert load(environment).access_key == endpoint.credentials.key_id


def test_a_wrong_token_is_refused(endpoint: ContainerCredentials) -> None:
    """As Rapid does: 404 with a line of text."""
    with pytest.raises(CredentialRetrievalError, match=r"404 .*cannot get credentials"):
        load(endpoint.environment() | {TOKEN: "wrong"})


def test_another_path_is_not_found(endpoint: ContainerCredentials) -> None:
    """Even with the right token."""
    answer = requests.get(
        endpoint.url + "/x", headers={"Authorization": endpoint.token}, timeout=PATIENCE
    )
    assert answer.status_code == 404


def test_the_expiry_is_as_far_as_it_was_told() -> None:
    """RFC 3339 with nanoseconds, as Go writes it."""
    with ContainerCredentials(
        Credentials.fresh(), lifetime=90.0, clock=lambda: 1_700_000_000.25
    ) as endpoint:
        answer = requests.get(
            endpoint.url, headers={"Authorization": endpoint.token}, timeout=PATIENCE
        ).json()
    assert answer["Expiration"] == "2023-11-14T22:14:50.250000000Z"
    assert datetime.datetime.fromisoformat(answer["Expiration"]).timestamp() == 1_700_000_090.25


def test_new_credentials_are_handed_out_at_the_next_request(endpoint: ContainerCredentials) -> None:
    """`credentials` may be replaced at any time."""
    load(endpoint.environment())
    endpoint.credentials = Credentials.fresh()
    assert load(endpoint.environment()).access_key == endpoint.credentials.key_id
    assert endpoint.requests == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (INTERNAL_ERROR, "response 500 "),
        (Deny(), "response 404 "),
        (Delivery.RESET, "Connection was closed"),
        (Reply(b"{"), "Unable to parse JSON"),
    ],
)
def test_the_fake_fails_as_it_is_told(
    endpoint: ContainerCredentials, fault: Any, reason: str
) -> None:
    """Once for each of botocore's three attempts."""
    endpoint.faults.once(ANY, fault, fault, fault)
    with pytest.raises(CredentialRetrievalError, match=reason):
        load(endpoint.environment())
    assert load(endpoint.environment()).access_key == endpoint.credentials.key_id


def test_a_request_may_be_held(endpoint: ContainerCredentials) -> None:
    """It is seen before it is answered."""
    go = threading.Event()
    endpoint.faults.once(ANY, Hold(go))
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(load, endpoint.environment())
        endpoint.wait_for_requests(1)
        assert not answer.done()
        go.set()
        assert answer.result(PATIENCE).access_key == endpoint.credentials.key_id
