"""Where the credentials of an environment are, against the AWS SDK."""

from typing import Any

import pytest
from botocore.credentials import ContainerProvider, create_credential_resolver
from botocore.session import Session
from botocore.utils import InstanceMetadataFetcher

from extension.declared.credentials import (
    ContainerEndpoint,
    Credentials,
    InstanceMetadata,
    Nowhere,
    WebIdentity,
    located,
    session_name,
)

RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
ELSEWHERE = "http://127.0.0.1:9/creds"
METADATA = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
# How botocore calls the providers of these kinds.
OF_KIND = ("env", "assume-role-with-web-identity", "container-role", "iam-role")


class Fetcher:
    """Stands in for botocore's fetcher, and keeps the URL that it was to ask."""

    def full_url(self, relative: str) -> str:
        """As botocore puts it together."""
        return f"http://169.254.170.2{relative}"

    def retrieve_full_uri(self, url: str, headers: object = None) -> dict[str, str]:
        """No network."""
        del headers
        self.asked = url
        keys = {"AccessKeyId": "A", "SecretAccessKey": "B", "Token": "C"}
        return {**keys, "Expiration": "2999-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    "environ",
    [
        {RELATIVE: "/v2/credentials/id"},
        {FULL: ELSEWHERE},
        {RELATIVE: "/v2/credentials/id", FULL: ELSEWHERE},
        {RELATIVE: "", FULL: ELSEWHERE},
    ],
)
def test_the_container_s_endpoint_is_that_of_the_sdk(environ: dict[str, str]) -> None:
    """On ECS a path that belongs to a fixed address, elsewhere a URL; the path counts first."""
    found = located(environ)
    assert isinstance(found, ContainerEndpoint)
    assert found.url == sdk_asks(environ)


def sdk_asks(environ: dict[str, str]) -> str:
    """The URL that botocore asks for credentials."""
    fetcher = Fetcher()
    set_variables = {name: value for name, value in environ.items() if value}
    ContainerProvider(set_variables, fetcher).load()  # type: ignore[arg-type]
    return fetcher.asked


def test_keys_in_the_environment_come_before_any_endpoint() -> None:
    """A session's token belongs to them, where there is one."""
    keys = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", RELATIVE: "/creds"}
    assert located(keys) == Credentials("A", "B", None)
    assert located({**keys, "AWS_SESSION_TOKEN": "C"}) == Credentials("A", "B", "C")


def test_half_a_key_is_none() -> None:
    """As an empty variable is."""
    half = {"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": ""}
    assert isinstance(located(half), InstanceMetadata)


def test_sources_are_looked_for_in_the_order_of_the_sdks() -> None:
    """Keys, web identity, the container's endpoint, and the instance's metadata last."""
    environ = {
        "AWS_ACCESS_KEY_ID": "A",
        "AWS_SECRET_ACCESS_KEY": "B",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
        FULL: ELSEWHERE,
    }
    found = [located(environ)]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", FULL):
        environ[name] = ""
        found.append(located(environ))
    kinds = [Credentials, WebIdentity, ContainerEndpoint, InstanceMetadata]
    assert [type(each) for each in found] == kinds
    chain = create_credential_resolver(Session()).providers
    order = [each.METHOD for each in chain if each.METHOD in OF_KIND]
    assert order == list(OF_KIND)


def test_a_web_identity_without_a_role_is_one_all_the_same() -> None:
    """So that somebody hears of it, as from the SDKs."""
    found = located({"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"})
    assert found == WebIdentity("/token", "", "warmkey")


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({}, "warmkey"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "charge"}, "charge"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "charge", "AWS_ROLE_SESSION_NAME": "me"}, "me"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "f" * 65}, "f" * 64),
    ],
)
def test_a_session_is_called_by_who_runs_here(environ: dict[str, str], name: str) -> None:
    """CloudTrail shows it; STS takes 64 characters."""
    assert session_name(environ) == name


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://169.254.169.254"),
        ({MODE: "IPv4"}, "http://169.254.169.254"),
        ({MODE: "ipv6"}, "http://[fd00:ec2::254]"),
        ({MODE: "IPv6", METADATA: "http://127.0.0.1:1"}, "http://127.0.0.1:1"),
    ],
)
def test_the_instance_s_metadata_is_where_the_sdk_asks(environ: dict[str, str], url: str) -> None:
    """At a fixed address, or where somebody says."""
    assert located(environ) == InstanceMetadata(url)
    config = {
        "ec2_metadata_service_endpoint": environ.get(METADATA),
        "ec2_metadata_service_endpoint_mode": environ.get(MODE, "").lower() or None,
    }
    fetcher: Any = InstanceMetadataFetcher(config=config)
    assert fetcher.get_base_url().rstrip("/") == url


@pytest.mark.parametrize(
    "environ",
    [
        {"AWS_EC2_METADATA_DISABLED": "true"},
        {"AWS_EC2_METADATA_DISABLED": "TRUE", METADATA: "http://127.0.0.1:1"},
        {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"},
    ],
)
def test_instance_metadata_may_be_disabled(environ: dict[str, str]) -> None:
    """Where somebody says so, and in Lambda."""
    assert located(environ) == Nowhere()


def test_a_profile_that_is_not_read_is_noted() -> None:
    """So that whoever has set it hears of it."""
    environ = {"AWS_PROFILE": "live", "AWS_EC2_METADATA_DISABLED": "true"}
    assert located(environ) == Nowhere(("AWS_PROFILE",))
    del environ["AWS_EC2_METADATA_DISABLED"]
    assert located(environ) == InstanceMetadata("http://169.254.169.254", ("AWS_PROFILE",))
