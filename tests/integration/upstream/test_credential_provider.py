"""Credentials that a container's endpoint hands out: when they are fetched, and by whom."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from extension.aws.credentials.provider import RENEWAL, CredentialProvider
from extension.declared.credentials import Credentials
from extension.http.failure import UpstreamError
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, INTERNAL_ERROR, Hold, Reply
from tests.fakes.identity import identities, never
from tests.fakes.signature import Credentials as Handed
from tests.patience import PATIENCE

SHORT = 0.1  # seconds: for what never comes
KEYS = {"AccessKeyId": "id", "SecretAccessKey": "canary-key", "Token": "canary-token"}


class Clock:
    """Wall-clock time that a test alone moves on, here and at the endpoint."""

    def __init__(self, container: ContainerCredentials) -> None:
        self.now = container.frozen_at(1_700_000_000.0)

    def __call__(self) -> float:
        """The time, in seconds since the epoch."""
        return self.now


def end_of_renewal() -> None:
    """Wait for the thread that renews, if there is one."""
    for thread in threading.enumerate():
        if thread.name == RENEWAL:
            thread.join(PATIENCE)


@pytest.fixture
def container() -> Iterator[ContainerCredentials]:
    """The container's endpoint."""
    with ContainerCredentials(Handed.fresh()) as running:
        yield running


@pytest.fixture
def provider(container: ContainerCredentials) -> CredentialProvider:
    """A provider that asks it."""
    return identities(container.environment()).own


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
    assert provider.session_token() is None
    first = ask(provider)
    assert first.access_key == container.credentials.key_id
    assert first is ask(provider)
    assert provider.session_token() == container.credentials.token
    assert container.requests == 1


def test_renewed_credentials_stay_known_for_a_while(
    container: ContainerCredentials, provider: CredentialProvider
) -> None:
    """AWS may name them still, in the error of a call that was signed with them."""
    handed = []
    for _ in range(4):
        credentials = ask(provider)
        handed.append((credentials.access_key, credentials.secret_key, credentials.session_token))
        container.credentials = Handed.fresh()
        provider.renew()
    assert len({*handed}) == 4
    assert set(provider.secrets) == {text for each in handed[1:] for text in each}


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
            "the credentials have not come in time",
        )
        answer.set()
        assert first.result(PATIENCE).access_key == container.credentials.key_id


def test_a_token_file_may_end_with_a_line_break(
    container: ContainerCredentials, tmp_path: Path
) -> None:
    """As what is written by hand does; it is read anew each time."""
    file = tmp_path / "token"
    provider = identities(container.environment(file)).own
    file.write_text("wrong")
    assert refusal(provider)[1] == "the credentials endpoint answered 404"
    file.write_text(f"{container.token}\r\n")
    assert ask(provider).access_key == container.credentials.key_id


@pytest.mark.parametrize(
    ("lifetime", "by_chance", "age", "renewed"),
    [
        (3600, 0.0, 3299, False),
        (3600, 0.0, 3301, True),
        (3600, 1.0, 2999, False),
        (3600, 1.0, 3001, True),
        (200, 0.0, 99, False),
        (200, 0.0, 101, True),
    ],
)
def test_credentials_are_renewed_five_to_ten_minutes_before_they_expire(
    container: ContainerCredentials, lifetime: int, by_chance: float, age: int, *, renewed: bool
) -> None:
    """By chance, or halfway where they live no longer; nobody waits for the new ones."""
    clock = Clock(container)
    container.lifetime = lifetime
    provider = identities(container.environment(), clock, lambda: by_chance).own
    first = ask(provider)
    clock.now += age
    answer = threading.Event()
    container.faults.once(ANY, Hold(answer))
    container.credentials = Handed.fresh()
    assert ask(provider) is first
    assert ask(provider) is first
    if renewed:
        container.wait_for_requests(2)
        answer.set()
        end_of_renewal()
        assert ask(provider).access_key == container.credentials.key_id
    assert container.requests == 1 + renewed


@pytest.mark.parametrize(("age", "serves"), [(3599, True), (3600, False)])
def test_credentials_serve_until_they_expire_where_there_are_no_others(
    container: ContainerCredentials, age: int, *, serves: bool
) -> None:
    """And no longer: AWS would refuse them."""
    clock = Clock(container)
    provider = identities(container.environment(), clock).own
    first = ask(provider)
    container.faults.always(ANY, INTERNAL_ERROR)
    clock.now += age
    if serves:
        assert ask(provider) is first
    else:
        assert refusal(provider) == ("broken", "the credentials endpoint answered 500")


def test_a_renewal_that_fails_is_tried_again_while_the_credentials_hold(
    container: ContainerCredentials,
) -> None:
    """Not at each call, but after a pause."""
    clock = Clock(container)
    provider = identities(container.environment(), clock).own
    first = ask(provider)
    clock.now += 3301
    container.faults.once(ANY, INTERNAL_ERROR)
    ask(provider)
    end_of_renewal()
    assert ask(provider) is first
    clock.now += 16
    container.credentials = Handed.fresh()
    assert ask(provider) is first
    end_of_renewal()
    assert ask(provider).access_key == container.credentials.key_id
    assert container.requests == 3


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
    provider = CredentialProvider(keys, time.time, never)
    provider.renew()
    assert ask(provider, -1) is keys
    assert provider.session_token() == "canary-token"


def test_no_credentials_at_all_are_refused() -> None:
    """With the variables that would give some."""
    provider = identities({"AWS_EC2_METADATA_DISABLED": "true"}).own
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
