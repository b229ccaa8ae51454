"""Where the credentials of an environment are, against the AWS SDK."""

import pytest
from botocore.credentials import ContainerProvider

from extension.declared.credentials import ContainerEndpoint, Credentials, located

RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
ELSEWHERE = "http://127.0.0.1:9/creds"


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
    assert located({"AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": ""}) is None
