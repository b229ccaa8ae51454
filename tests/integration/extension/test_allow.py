"""With WARMKEY_ALLOW=declared, the endpoint serves what is declared and nothing else."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import serving
from tests.integration.daemon import Daemon

ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/shared"
PARAMETER = "/systemsmanager/parameters/get"
SECRET = "/secretsmanager/get"


def put(aws: FakeAws) -> Mapping[str, str]:
    """Each kind once declared and once not."""
    for name in ("/p", "/shared", "/app/prod/db/password", "/app/production", "/other"):
        aws.parameters.put(name, "canary-1")
        aws.parameters.put(name, "canary-2", labels=["stable"])
    aws.secrets.put("s", "canary-old")
    aws.secrets.put("s", "canary")
    aws.secrets.put("t", "canary")
    return {
        "p": "/p",
        "shared": f"{ARN}:stable",
        "app": "ssm:/app/prod/*",
        "s": "secretsmanager:s",
    }


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put, WARMKEY_ALLOW="declared") as running:
        yield running


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "target",
    [
        f"{PARAMETER}%s?name=/p",
        f"{PARAMETER}%s?name=%%2Fp&withDecryption=true",
        f"{PARAMETER}%s?name={ARN}:stable",
        f"{PARAMETER}%s?name={ARN}&label=stable",
        f"{PARAMETER}%s?name=/app/prod/db/password&withDecryption=true",
        f"{SECRET}%s?secretId=s",
        f"{SECRET}%s?secretId=s&versionStage=AWSCURRENT&refreshNow=true",
    ],
)
def test_declared_secret_is_served(daemon: Daemon, target: str, slash: str) -> None:
    """On both of the drop-in paths, itself or below a path."""
    assert daemon.get(target % slash).status_code == 200


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    "target",
    [
        f"{PARAMETER}%s?name=/other",
        f"{PARAMETER}%s?name=/p&version=1",
        f"{PARAMETER}%s?name=/p:1",
        f"{PARAMETER}%s?name={ARN}",
        f"{PARAMETER}%s?name=/shared&label=stable",
        f"{PARAMETER}%s?name=/app/production",
        f"{PARAMETER}%s?name=/app/prod/db/password&version=1",
        f"{PARAMETER}%s?name=/aws/reference/secretsmanager/s&withDecryption=true",
        f"{PARAMETER}%s?name=/aws/service/list",
        f"{SECRET}%s?secretId=t",
        f"{SECRET}%s?secretId=s&versionStage=AWSPREVIOUS",
        f"{SECRET}%s?secretId=/p",
        f"{SECRET}%s?secretId=t&refreshNow=true",
    ],
)
def test_undeclared_secret_is_refused(daemon: Daemon, target: str, slash: str) -> None:
    """And AWS is not asked, so that nobody learns what there is."""
    before = daemon.status()["counters"]
    answer = daemon.get(target % slash)
    assert answer.status_code == 403
    assert "is not declared, and WARMKEY_ALLOW is declared" in answer.text
    assert "(declare it, or set WARMKEY_ALLOW to any)" in answer.text
    assert daemon.status()["counters"] == before


def test_the_native_paths_serve_what_they_always_do(daemon: Daemon) -> None:
    """Which is what is declared."""
    assert daemon.read("p") == "canary-2"
    assert daemon.read("db/password") == "canary-2"
    assert daemon.get("/v1/secrets").json().keys() == {"p", "shared", "s", "db/password"}
    assert daemon.get("/v1/secrets/other").status_code == 404
