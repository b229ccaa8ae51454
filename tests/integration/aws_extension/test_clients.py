"""Clients that were written for AWS's Parameters and Secrets extension run unmodified."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.aws import FakeAws
from tests.integration import official_clients as clients
from tests.integration.conftest import serving
from tests.integration.daemon import Daemon

Client = Callable[[Mapping[str, str], str, str], Any]
VALUE = 'canary "quoted" \\ späße\n😀'
PARAMETER_ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/app/prod/key"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"
CLIENTS = [
    clients.with_urllib,
    clients.with_urllib3,
    clients.with_requests,
    clients.with_node_fetch,
    clients.with_node_http,
    clients.with_curl,
    clients.with_curl_data,
]
NEEDS = {"node": shutil.which("node"), "curl": shutil.which("curl")}


def put(aws: FakeAws) -> Mapping[str, str]:
    """A parameter and a secret; neither is declared, as no code was changed."""
    aws.parameters.put("/app/prod/key", VALUE)
    aws.secrets.put("prod/db", VALUE)
    return {}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with both."""
    with serving(layer, put) as running:
        yield running


@pytest.fixture(params=CLIENTS, ids=lambda client: client.__name__.removeprefix("with_"))
def client(request: pytest.FixtureRequest) -> Client:
    """One client after another; what isn't installed is left out."""
    chosen: Client = request.param
    for program, path in NEEDS.items():
        if program in chosen.__name__ and path is None:
            pytest.skip(f"there is no {program}: `make tools` installs it")
    return chosen


@pytest.fixture
def environ(daemon: Daemon) -> Mapping[str, str]:
    """What a function has in its environment."""
    return {
        "AWS_SESSION_TOKEN": daemon.token,
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(daemon.port),
    }


@pytest.mark.parametrize("name", ["/app/prod/key", PARAMETER_ARN])
def test_a_client_reads_a_parameter(client: Client, environ: Mapping[str, str], name: str) -> None:
    """By its path and by its ARN, decrypted."""
    body = client(environ, "parameter", name)
    assert body["Parameter"]["Value"] == VALUE
    assert body["Parameter"]["Name"] == "/app/prod/key"


@pytest.mark.parametrize("name", ["prod/db", SECRET_ARN])
def test_a_client_reads_a_secret(client: Client, environ: Mapping[str, str], name: str) -> None:
    """By its name and by its ARN."""
    body = client(environ, "secret", name)
    assert (body["SecretString"], body["Name"]) == (VALUE, "prod/db")
