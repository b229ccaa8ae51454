"""Credentials that a container's endpoint hands out: when they are fetched, and by whom."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from extension.aws.credentials import CredentialProvider
from extension.declared.credentials import Credentials, located
from extension.http.failure import UpstreamError
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, INTERNAL_ERROR, Hold, Reply
from tests.fakes.signature import Credentials as Handed
from tests.patience import PATIENCE

SHORT = 0.1  # seconds: for what never comes
KEYS = {"AccessKeyId": "id", "SecretAccessKey": "canary-key", "Token": "canary-token"}

Provide = Callable[..., CredentialProvider]


@pytest.fixture
def container() -> Iterator[ContainerCredentials]:
    """The container's endpoint."""
    with ContainerCredentials(Handed.fresh()) as running:
        yield running


@pytest.fixture
def provider(container: ContainerCredentials) -> CredentialProvider:
    """A provider that asks it."""
    return CredentialProvider(located(container.environment()), time.time)


def ask(provider: CredentialProvider, patience: float = PATIENCE) -> Credentials:
    """What the provider gives within some seconds."""
    return provider.credentials(time.monotonic() + patience)


def refusal(provider: CredentialProvider, patience: float = PATIENCE) -> tuple[str, str]:
    """Of what kind the failure is, and what is said of it."""
    with pytest.raises(UpstreamError) as failed:
        ask(provider, patience)
    return failed.value.failed.kind, failed.value.failed.detail


def test_credentials_are_fetched_once_while_they_hold(
    container: ContainerCredentials, provider: CredentialProvider
) -> None:
    """By a request that names its host."""
    assert provider.session_token is None
    first = ask(provider)
    assert first.access_key == container.credentials.key_id
    assert first is ask(provider)
    assert provider.session_token == container.credentials.token
    assert container.requests == 1


def test_a_second_thread_waits_for_the_first_s_credentials(
    container: ContainerCredentials, provider: CredentialProvider
) -> None:
    """Rather than fail, or ask as well."""
    answer = threading.Event()
    container.faults.once(ANY, Hold(answer))
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, provider)
        container.wait_for_requests(1)
        second = pool.submit(ask, provider)
        assert not wait([second], SHORT).done
        answer.set()
        assert second.result(PATIENCE) is first.result(PATIENCE)
    assert container.requests == 1


def test_a_second_thread_waits_no_longer_than_it_may(
    container: ContainerCredentials, provider: CredentialProvider
) -> None:
    """The first may have longer."""
    answer = threading.Event()
    container.faults.once(ANY, Hold(answer))
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, provider)
        container.wait_for_requests(1)
        assert refusal(provider, 0) == (
            "broken",
            "the credentials endpoint has not answered in time",
        )
        answer.set()
        assert first.result(PATIENCE).access_key == container.credentials.key_id


def test_a_token_file_may_end_with_a_line_break(
    container: ContainerCredentials, tmp_path: Path
) -> None:
    """As what is written by hand does; it is read anew each time."""
    file = tmp_path / "token"
    provider = CredentialProvider(located(container.environment(file)), time.time)
    file.write_text("wrong")
    assert refusal(provider)[1] == "the credentials endpoint answered 404"
    file.write_text(f"{container.token}\r\n")
    assert ask(provider).access_key == container.credentials.key_id


@pytest.mark.parametrize(("lifetime", "requests"), [(299, 2), (301, 1)])
def test_credentials_are_renewed_five_minutes_before_they_expire(
    container: ContainerCredentials, lifetime: int, requests: int
) -> None:
    """So that no call is signed with those that expire on its way."""
    began = container.frozen_at(1_700_000_000.0)
    provider = CredentialProvider(located(container.environment()), lambda: began)
    container.lifetime = lifetime
    ask(provider)
    ask(provider)
    assert container.requests == requests


@pytest.mark.parametrize(("lifetime", "serves"), [(1, True), (0, False)])
def test_credentials_serve_until_they_expire_where_there_are_no_others(
    container: ContainerCredentials, lifetime: int, serves: bool
) -> None:
    """And no longer: AWS would refuse them."""
    began = container.frozen_at(1_700_000_000.0)
    provider = CredentialProvider(located(container.environment()), lambda: began)
    container.lifetime = lifetime
    first = ask(provider)
    container.faults.always(ANY, INTERNAL_ERROR)
    if serves:
        assert ask(provider) is first
    else:
        assert refusal(provider) == ("broken", "the credentials endpoint answered 500")


def test_credentials_that_aws_rejects_serve_no_more(
    container: ContainerCredentials, provider: CredentialProvider
) -> None:
    """Even if there are no others; new ones are not taken for rejected."""
    ask(provider)
    provider.renew()
    container.faults.once(ANY, INTERNAL_ERROR)
    assert refusal(provider)[0] == "broken"
    container.credentials = Handed.fresh()
    assert ask(provider).access_key == container.credentials.key_id
    assert ask(provider).access_key == container.credentials.key_id
    assert container.requests == 3


def test_keys_of_the_environment_are_not_renewed() -> None:
    """There are no others to be had."""
    keys = Credentials("id", "canary-key", "canary-token")
    provider = CredentialProvider(keys, time.time)
    provider.renew()
    assert ask(provider, -1) is keys
    assert provider.session_token == "canary-token"


def test_no_credentials_at_all_are_refused() -> None:
    """With the variables that would give some."""
    provider = CredentialProvider(None, time.time)
    assert refusal(provider) == ("refused", "there are no AWS credentials")


@pytest.mark.parametrize(
    ("expiration", "expires_at"),
    [
        ({}, None),
        ({"Expiration": None}, None),
        ({"Expiration": "2023-11-14T22:13:20Z"}, 1_700_000_000.0),
        ({"Expiration": "2023-11-15T00:13:20+02:00"}, 1_700_000_000.0),
    ],
)
def test_credentials_expire_when_the_endpoint_says(
    container: ContainerCredentials,
    provider: CredentialProvider,
    expiration: dict[str, Any],
    expires_at: float | None,
) -> None:
    """Never, where it does not."""
    container.faults.once(ANY, Reply(json.dumps({**KEYS, **expiration}).encode()))
    found = ask(provider)
    assert (found.access_key, found.expires_at) == ("id", expires_at)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps({**KEYS, "Token": None}).encode(),
        json.dumps({**KEYS, "Expiration": "soon"}).encode(),
    ],
)
def test_an_answer_without_credentials_is_said_to_be_one(
    container: ContainerCredentials, provider: CredentialProvider, body: bytes
) -> None:
    """It is not shown: it may hold half of them."""
    container.faults.once(ANY, Reply(body))
    assert refusal(provider) == (
        "broken",
        "the credentials endpoint's answer contains no credentials",
    )
