"""Where a service is: as the SDKs have it, in every partition and region."""

from collections.abc import Iterator

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader

from extension.declared.environment.variables import SettingError
from extension.declared.service_address import host_of
from extension.declared.settings import parse
from extension.http.address import Address

REGION = {"AWS_REGION": "eu-west-1"}
LOADER = Loader()
PARTITIONS = LOADER.load_data("partitions")


def regions() -> Iterator[str]:
    """Every region that botocore knows, and one that it will know of each partition."""
    for partition in PARTITIONS["partitions"]:
        known = [each for each in partition["regions"] if not each.endswith("-global")]
        yield from known
        yield known[0].rpartition("-")[0] + "-99"


@pytest.mark.parametrize("dual_stack", [False, True])
@pytest.mark.parametrize("fips", [False, True])
@pytest.mark.parametrize("service", ["ssm", "secretsmanager", "sts"])
def test_each_region_has_the_host_that_the_sdk_knows(
    service: str, *, fips: bool, dual_stack: bool
) -> None:
    """By the rules of the service, whatever kind of endpoint is asked for."""
    rules = EndpointProvider(LOADER.load_service_model(service, "endpoint-rule-set-1"), PARTITIONS)
    asked = {"UseFIPS": fips, "UseDualStack": dual_stack}
    if service == "sts":
        asked["UseGlobalEndpoint"] = False  # the regional one
    hosts = {each: host_of(service, each, fips=fips, dual_stack=dual_stack) for each in regions()}
    assert {each: f"https://{host}" for each, host in hosts.items()} == {
        each: rules.resolve_endpoint(Region=each, **asked).url for each in hosts
    }


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, "ssm.eu-west-1.amazonaws.com"),
        ({"AWS_USE_FIPS_ENDPOINT": "true"}, "ssm-fips.eu-west-1.amazonaws.com"),
        ({"AWS_USE_DUALSTACK_ENDPOINT": "True"}, "ssm.eu-west-1.api.aws"),
        (
            {"AWS_USE_FIPS_ENDPOINT": "TRUE", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
            "ssm-fips.eu-west-1.api.aws",
        ),
        (
            {"AWS_USE_FIPS_ENDPOINT": "false", "AWS_USE_DUALSTACK_ENDPOINT": ""},
            "ssm.eu-west-1.amazonaws.com",
        ),
        ({"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL": "https://b"}, "b"),
    ],
)
def test_the_kind_of_endpoint_is_chosen_as_in_the_sdks(
    variables: dict[str, str], host: str
) -> None:
    """One that is named wins."""
    settings = parse(REGION | variables)
    assert settings.services["ssm"].address == Address(host, 443, secure=True)
    assert settings.warnings == ()


def test_a_choice_that_is_none_is_told_of_once() -> None:
    """Whoever must have FIPS endpoints should hear that these are none."""
    settings = parse(REGION | {"AWS_USE_FIPS_ENDPOINT": "1"})
    assert settings.warnings == (
        "AWS_USE_FIPS_ENDPOINT is '1', not true or false; using the default false",
    )


def test_an_endpoint_url_leads_elsewhere() -> None:
    """The service's own wins over that for all, as in AWS's SDKs."""
    environ = {"AWS_ENDPOINT_URL": "http://a:1", "AWS_ENDPOINT_URL_SSM": "https://b"}
    settings = parse(REGION | environ)
    assert settings.services["ssm"].address == Address("b", 443, secure=True)
    assert settings.services["secretsmanager"].address == Address("a", 1)


@pytest.mark.parametrize("url", ["a", "ftp://a", "http://", "http://a:0", "http://a/path"])
def test_a_bad_endpoint_url_stops_start_up(url: str) -> None:
    """With the variable and what was given."""
    with pytest.raises(SettingError, match=rf"^AWS_ENDPOINT_URL_SSM.*{url!r}"):
        parse(REGION | {"AWS_ENDPOINT_URL_SSM": url})


@pytest.mark.parametrize("url", ["http://a:1", "http://192.0.2.1", "http://127.0.0.1.example"])
def test_one_warning_tells_that_secrets_travel_in_the_clear(url: str) -> None:
    """Though both services are there."""
    settings = parse(REGION | {"AWS_ENDPOINT_URL": url})
    assert settings.warnings == (
        f"AWS_ENDPOINT_URL is '{url}': secrets, and the session token of the credentials, travel "
        "there in the clear; use https:// where the network is not your own",
    )


@pytest.mark.parametrize(
    "url", ["https://a", "http://127.0.0.1:4566", "http://localhost", "http://[::1]:1"]
)
def test_local_or_encrypted_address_is_not_warned_of(url: str) -> None:
    """As emulators are asked."""
    assert parse(REGION | {"AWS_ENDPOINT_URL": url}).warnings == ()
