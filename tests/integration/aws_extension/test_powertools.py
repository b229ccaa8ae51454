"""Powertools' parameters, from the layer: `warmkey.powertools` on a running daemon."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.parameters.exceptions import (
    GetParameterError,
    SetParameterError,
    TransformParameterError,
)

from tests.fakes.aws import FakeAws
from tests.integration.conftest import CANARY, Start, serving
from tests.integration.daemon import Daemon
from tests.rapid.ports import ReservedPort
from warmkey import Client
from warmkey.powertools import WarmkeyProvider

BINARY = b"canary\x00\xff"


def put(aws: FakeAws) -> Mapping[str, str]:
    """Secrets of every kind, some below a path."""
    aws.parameters.put("/key", "canary")
    aws.parameters.put("/encoded", "Y2FuYXJ5")
    aws.parameters.put("/app/prod/user", "canary-user")
    aws.parameters.put("/app/prod/limits.json", '{"notes": 10}')
    aws.parameters.put("/app/prod/deep/seal.binary", "Y2FuYXJ5")
    aws.secrets.put("keystore", BINARY)
    return {
        "key": "/key",
        "encoded": "/encoded",
        "keystore": "secretsmanager:keystore",
        "settings.json": "/app/prod/limits.json",
        "app/user": "/app/prod/user",
        "app/limits.json": "/app/prod/limits.json",
        "app/deep/seal.binary": "/app/prod/deep/seal.binary",
        "apple": "/key",
    }


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put) as running:
        yield running


@pytest.fixture
def provider(daemon: Daemon) -> WarmkeyProvider:
    """A provider that has kept nothing yet."""
    return provider_of(daemon)


def provider_of(daemon: Daemon) -> WarmkeyProvider:
    """A provider in the environment of a daemon's function."""
    environ = {"WARMKEY_PORT": str(daemon.port), "AWS_SESSION_TOKEN": daemon.token}
    return WarmkeyProvider(Client(environ))


def test_a_secret_is_got_by_its_alias(provider: WarmkeyProvider) -> None:
    """Text as text, binary as bytes."""
    assert provider.get("key") == "canary"
    assert provider.get("keystore") == BINARY


@pytest.mark.parametrize(
    ("alias", "transform", "value"),
    [
        ("settings.json", "json", {"notes": 10}),
        ("settings.json", "auto", {"notes": 10}),
        ("encoded", "binary", b"canary"),
        ("key", "auto", "canary"),
    ],
)
def test_a_secret_is_transformed(
    provider: WarmkeyProvider, alias: str, transform: str, value: object
) -> None:
    """As Powertools transforms any parameter."""
    assert provider.get(alias, transform=transform) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["app", "app/", "/app"])
def test_parameters_below_a_path_are_got_at_once(provider: WarmkeyProvider, path: str) -> None:
    """By the rest of its alias, however deep; an alias that only begins alike lies elsewhere."""
    assert provider.get_multiple(path) == {
        "user": "canary-user",
        "limits.json": '{"notes": 10}',
        "deep/seal.binary": "Y2FuYXJ5",
    }


def test_each_is_transformed_by_the_end_of_its_alias(provider: WarmkeyProvider) -> None:
    """`auto`; what has no such end stays as it is."""
    assert provider.get_multiple("app", transform="auto") == {
        "user": "canary-user",
        "limits.json": {"notes": 10},
        "deep/seal.binary": b"canary",
    }


def test_every_secret_lies_below_the_empty_path(provider: WarmkeyProvider) -> None:
    """Binary ones among them, as bytes."""
    everything = provider.get_multiple("/")
    assert len(everything) == 8
    assert everything["keystore"] == BINARY


def test_below_a_path_that_nobody_declared_there_is_nothing(provider: WarmkeyProvider) -> None:
    """As Powertools' own providers have it."""
    assert provider.get_multiple("nothing") == {}


def test_a_transform_that_fits_some_gives_none_for_the_others(provider: WarmkeyProvider) -> None:
    """Unless it is to fail."""
    some = provider.get_multiple("app", transform="json")
    assert some == {"user": None, "limits.json": {"notes": 10}, "deep/seal.binary": None}


def test_a_transform_that_does_not_fit_all_may_fail(provider: WarmkeyProvider) -> None:
    """Without a value in the error."""
    with pytest.raises(TransformParameterError) as failed:
        provider.get_multiple("app", transform="json", raise_on_transform_error=True)
    assert CANARY not in str(failed.value)


def test_an_error_is_powertools_with_our_message(provider: WarmkeyProvider) -> None:
    """It names the alias and what was declared."""
    with pytest.raises(GetParameterError, match="no secret is declared as 'none'; declared here"):
        provider.get("none")


def test_an_endpoint_that_is_not_there_is_an_error_too(free: ReservedPort) -> None:
    """For one secret and for many."""
    provider = WarmkeyProvider(Client({"WARMKEY_PORT": str(free.number)}))
    with pytest.raises(GetParameterError, match="Is its layer attached"):
        provider.get("key")
    with pytest.raises(GetParameterError, match="Is its layer attached"):
        provider.get_multiple("app")


def test_failed_transform_is_an_error_without_the_value(
    provider: WarmkeyProvider,
) -> None:
    """Powertools' own."""
    with pytest.raises(TransformParameterError) as failed:
        provider.get("key", transform="json")
    assert CANARY not in str(failed.value)


def test_an_option_of_another_provider_is_refused_by_its_name(provider: WarmkeyProvider) -> None:
    """Rather than ignored."""
    with pytest.raises(GetParameterError, match="takes no decrypt, recursive"):
        provider.get_multiple("app", decrypt=True, recursive=True)


def test_setting_a_parameter_is_refused(provider: WarmkeyProvider) -> None:
    """The error says where it can."""
    with pytest.raises(SetParameterError, match=r"'key' can't be set .* set it in AWS") as refused:
        provider.set("key", CANARY, overwrite=True)
    assert CANARY not in str(refused.value)


def test_a_value_is_kept_for_its_max_age(aws: FakeAws, start: Start) -> None:
    """Even where the extension keeps none; with a `max_age` of 0, not at all."""
    aws.parameters.put("/key", "canary-1")
    provider = provider_of(start(KEY="warmkey:/key", WARMKEY_TTL="0").wait_until_ready())
    assert provider.get("KEY", max_age=300) == "canary-1"
    aws.parameters.put("/key", "canary-2")
    assert provider.get("KEY") == "canary-1"
    # What is kept is kept for one transform.
    assert provider.get("KEY", max_age=0, transform="auto") == "canary-2"
    aws.parameters.put("/key", "canary-3")
    assert provider.get("KEY", max_age=0, transform="auto") == "canary-3"


def test_a_fetch_that_is_forced_goes_to_aws(aws: FakeAws, start: Start) -> None:
    """Past what the provider, the client and the extension hold; all of them hold it then."""
    aws.parameters.put("/key", "canary-1")
    provider = provider_of(start(KEY="warmkey:/key").wait_until_ready())
    assert provider.get("KEY", max_age=0) == "canary-1"
    aws.parameters.put("/key", "canary-2")
    assert provider.get("KEY", max_age=0) == "canary-1"
    assert provider.get("KEY", max_age=0, force_fetch=True) == "canary-2"
    assert provider.get("KEY", max_age=0) == "canary-2"


def test_forced_fetch_of_many_parameters_goes_upstream(
    aws: FakeAws, start: Start, tmp_path: Path
) -> None:
    """Each of them."""
    config = tmp_path / "warmkey.json"
    config.write_text(json.dumps({"secrets": {"db/user": "/user", "db/password": "/password"}}))
    for name in ("user", "password"):
        aws.parameters.put(f"/{name}", "canary-1")
    provider = provider_of(start(WARMKEY_CONFIG=str(config)).wait_until_ready())
    assert provider.get_multiple("db") == {"user": "canary-1", "password": "canary-1"}
    for name in ("user", "password"):
        aws.parameters.put(f"/{name}", "canary-2")
    assert provider.get_multiple("db") == {"user": "canary-1", "password": "canary-1"}
    forced = provider.get_multiple("db", force_fetch=True)
    assert forced == {"user": "canary-2", "password": "canary-2"}
