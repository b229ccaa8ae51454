"""The endpoint is what `layer/openapi.yaml` says it is.

Schemathesis makes requests out of the description, good ones and bad ones, and holds the answers
of a running daemon against it. What the examples in the description name is there to be read.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.specs.openapi import checks

from extension.endpoint.requests import access, aws_api, routes
from extension.http import messages
from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK, Delivery
from tests.integration.conftest import Start, serving
from tests.integration.daemon import Daemon
from tests.integration.process import SHORT
from tests.patience import PATIENCE

SCHEMA = schemathesis.openapi.from_path(Path(__file__).parents[3] / "layer/openapi.yaml")
SCHEMA.config.generation.update(deterministic=True)
DESCRIPTION = SCHEMA.raw_schema
CONFORMANCE: list[schemathesis.CheckFunction] = [
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.status_code_conformance,
]


def put(aws: FakeAws) -> dict[str, str]:
    """Secrets of every kind, under the names in the description's examples."""
    aws.parameters.put("/stripeSecretKey/live", "canary-key")
    aws.secrets.put("prod/db", '{"password": "canary-password"}')
    aws.secrets.put("keystore", b"canary\0")
    return {
        "STRIPE_SECRET_KEY": "/stripeSecretKey/live",
        "db/password": "secretsmanager:prod/db#password",
        "keystore": "secretsmanager:keystore",
    }


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon, with those secrets."""
    with serving(layer, put) as running:
        yield running


@SCHEMA.parametrize()
@hypothesis.settings(
    max_examples=25, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
def test_answers_are_as_described(case: schemathesis.Case[Any], daemon: Daemon) -> None:
    """Status, headers and body, whatever is asked; what is bad is refused, and the rest is not."""
    drop_in = "drop-in" in (case.operation.tags or [])
    case.call_and_validate(
        base_url=f"http://{LOOPBACK}:{daemon.port}",
        headers={TOKEN_HEADER: daemon.token},
        excluded_checks=[checks.positive_data_acceptance] if drop_in else [],
        additional_checks=[_refused_by_aws_at_most] if drop_in else [],
        timeout=PATIENCE,
    )


def _refused_by_aws_at_most(
    _: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """There a name that AWS does not know is a bad request, too, as in the original."""
    good = case.meta is not None and case.meta.generation.mode.is_positive
    if good and response.status_code == 400:
        assert response.content.startswith(b"an unexpected error occurred while executing")


def described(path: str, response: requests.Response) -> requests.Response:
    """The response, which must be as the description of this path says.

    Raises:
        FailureGroup: It is not.
    """
    case = SCHEMA[path]["GET"].Case(path_parameters={"alias": "KEY"})
    case.validate_response(response, checks=CONFORMANCE)
    return response


@pytest.mark.parametrize(
    ("path", "target", "headers", "status"),
    [
        ("/v1/secrets/{alias}", "/v1/secrets/keystore", {}, 200),
        ("/v1/secrets/{alias}", "/v1/secrets/keystore?format=json", {}, 200),
        ("/v1/secrets/{alias}", "/v1/secrets/db/password?format=json", {}, 200),
        ("/v1/secrets/{alias}", "/v1/secrets/keystore", {"If-None-Match": "*"}, 304),
        ("/v1/secrets/{alias}", "/v1/secrets/keystore", {"Host": "example.com"}, 403),
        ("/v1/secrets/{alias}", "/v1/secrets/keystore", {"Via": "1.1 proxy"}, 403),
        ("/v1/secrets/{alias}", f"/v1/secrets/{'a' * 9000}", {}, 414),
        ("/v1/secrets/{alias}", "/v1/secrets/keystore", {"X-Long": "a" * 9000}, 431),
        ("/v1/secrets", "/v1/secrets?format=dotenv", {}, 200),
        ("/secretsmanager/get", "/secretsmanager/get?secretId=keystore", {}, 200),
        ("/ping", "/ping", {"Forwarded": "for=192.0.2.1"}, 403),
    ],
)
def test_answers_that_are_rarely_asked_for_are_as_described(
    daemon: Daemon, path: str, target: str, headers: Mapping[str, str], status: int
) -> None:
    """Binary secrets, what the client holds, what is too long, what does not come from here."""
    assert described(path, daemon.get(target, headers)).status_code == status


@pytest.mark.parametrize("path", ["/v1/secrets/{alias}", "/v1/secrets"])
@pytest.mark.parametrize(
    ("fault", "timeout", "status"), [(Deny(), "60000", 502), (Delivery.HANG, "50", 504)], ids=str
)
def test_problems_of_aws_are_as_described(
    aws: FakeAws, start: Start, path: str, fault: Deny | Delivery, timeout: str, status: int
) -> None:
    """Under the native paths."""
    aws.faults.always("/p", fault)
    daemon = start(P="warmkey:/p", WARMKEY_UPSTREAM_TIMEOUT_MILLIS=timeout).wait_until_ready()
    answer = described(path, daemon.get(path.format(alias="P")))
    assert answer.status_code == status


def test_a_stale_value_is_as_described(aws: FakeAws, start: Start) -> None:
    """Its state is in a header."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p", WARMKEY_TTL="0", **SHORT).wait_until_ready()
    aws.faults.always("/p", Delivery.HANG)
    answer = described("/v1/secrets/{alias}", daemon.get("/v1/secrets/P"))
    assert answer.headers["Warmkey-State"] == "stale"


def test_the_status_of_a_secret_that_is_missing_is_as_described(start: Start) -> None:
    """Where there is neither age nor version, and an error."""
    daemon = start(P="warmkey:/p").wait_until_ready()
    answer = described("/v1/status", daemon.get("/v1/status"))
    assert answer.json()["secrets"]["P"]["state"] == "missing"


def test_every_path_of_the_endpoint_is_described() -> None:
    """Those that it names to whoever asks for another, and AWS's with a final slash; no others."""
    paths = {path.replace("{alias}", "ALIAS") for path in DESCRIPTION["paths"]}
    with_slash = {aws_api.PARAMETERS + "/", aws_api.SECRETS + "/"}
    assert paths == {*routes.PATHS, *with_slash}


@pytest.mark.parametrize("module", [routes, aws_api], ids=lambda module: module.__name__)
def test_no_path_in_the_code_is_missing(module: ModuleType) -> None:
    """Whatever looks like one in the modules that know them begins one that is described."""
    paths = {text for text in _texts(module) if text.startswith("/") and text.strip("/")}
    assert paths
    assert {path for path in paths if not any(path in known for known in routes.PATHS)} == set()


def test_every_parameter_that_is_described_is_known() -> None:
    """By its name in the code, as AWS's paths ignore those that nobody knows."""
    known = {text for module in (routes, aws_api) for text in _texts(module)}
    parameters = {
        parameter["name"]
        for item in _items()
        for parameter in item["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    assert parameters
    assert parameters - known == set()


def test_every_status_of_the_endpoint_is_described() -> None:
    """And no other."""
    statuses = {int(status) for item in _items() for status in item["get"]["responses"]}
    assert statuses == set(messages.REASONS)


def test_the_token_s_header_is_described() -> None:
    """As it is."""
    assert DESCRIPTION["components"]["securitySchemes"]["token"]["name"] == access.TOKEN_HEADER


def test_the_version_is_that_of_the_api_itself() -> None:
    """Warmkey's own changes with each release, and this description does not."""
    version = DESCRIPTION["info"]["version"]
    assert [path for path in DESCRIPTION["paths"] if path.startswith(f"/v{version}/")]


def _items() -> list[dict[str, Any]]:
    """What is described, path by path; where it refers to another place, that place."""
    named = DESCRIPTION["components"]["pathItems"]
    return [item for item in (*DESCRIPTION["paths"].values(), *named.values()) if "get" in item]


def _texts(module: ModuleType) -> set[str]:
    """Every string in a module's source."""
    nodes = ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}
