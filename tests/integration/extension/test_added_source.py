"""Adding a kind of source is adding one object: it is declared, fetched, served and told of."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extension.aws.prefetch import plan
from extension.declared.settings import parse
from extension.sources.services import SERVICES
from tests.fakes.app_config import AppConfig, Configuration
from tests.fakes.aws import FakeAws
from tests.fakes.http_service import HttpService, Request, Response
from tests.integration.process import PATIENT_SERVICES
from tests.integration.sidecar import Sidecar

ROOT = Path(__file__).parents[3]
WITH_ONE_MORE = f"""if True:
    import sys
    sys.path.insert(0, {str(ROOT)!r})
    from extension.sources.services import SERVICES
    from tests.fakes.app_config import AppConfig
    SERVICES["appconfig"] = AppConfig()
    from extension import __main__
    __main__.main()
"""
COMMAND = [sys.executable, "-I", "-S", "-B", "-c", WITH_ONE_MORE, "serve"]
MISSING = {"__type": "ResourceNotFoundException", "Message": "no"}


def respond(request: Request) -> Response:
    """One configuration."""
    assert request.headers["X-Amz-Target"] == "AppConfig.GetLatestConfiguration"
    assert "/appconfig/aws4_request" in request.headers["Authorization"]
    if json.loads(request.body) != {"Name": "flags"}:
        return Response(400, body=json.dumps(MISSING).encode())
    body = {"Name": "flags", "Content": "canary-flags", "Version": "7"}
    return Response(200, body=json.dumps(body).encode())


@pytest.fixture
def sidecar() -> Iterator[Sidecar]:
    """The daemon with one more kind of source, of which two are declared beside a parameter."""
    with FakeAws() as aws:
        service = HttpService(respond)
        aws.parameters.put("/p", "canary-p")
        environment = {
            **PATIENT_SERVICES,
            **aws.environment(),
            "AWS_ENDPOINT_URL_APPCONFIG": f"http://127.0.0.1:{service.port}",
            "WARMKEY_TOKEN": "mine",
            "FLAGS": "warmkey:appconfig:flags",
            "ABSENT": "warmkey:appconfig:absent",
            "P": "warmkey:/p",
        }
        with Sidecar(environment, command=COMMAND) as running:
            yield running.wait_until_ready()
        service.close()


def test_an_added_source_is_prefetched_and_served(sidecar: Sidecar) -> None:
    """Like any other, and beside others."""
    assert sidecar.read("FLAGS") == "canary-flags"
    assert sidecar.read("P") == "canary-p"
    full = sidecar.get("/v1/secrets/FLAGS?format=json").json()
    assert (full["value"], full["version"]) == ("canary-flags", "7")


def test_an_added_source_that_is_missing_is_told_in_its_own_words(sidecar: Sidecar) -> None:
    """To who reads it, and in the log."""
    problem = sidecar.get("/v1/secrets/ABSENT").json()
    assert problem["detail"] == "ABSENT: configuration absent does not exist"
    assert problem["hint"] == "deploy it"
    assert "configuration absent does not exist" in sidecar.output


def test_a_source_of_an_unknown_service_is_refused() -> None:
    """None is taken for another's, nor dropped."""
    settings = parse({"AWS_REGION": "eu-west-1"})
    assert list(settings.services) == list(SERVICES)
    with pytest.raises(KeyError, match="appconfig"):
        plan([Configuration("flags")], 3)
    with pytest.raises(KeyError, match="appconfig"):
        settings.services["appconfig"]
    assert AppConfig().parse("appconfig:flags", {}) == Configuration("flags")
