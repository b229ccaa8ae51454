"""`warmkey serve`: what a function's extension does, beside a program outside Lambda."""

import json
import re
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.heads import TOKEN_HEADER
from tests.integration.conftest import Serve
from tests.integration.sidecar import from_sources

NO_SESSION: dict[str, str | None] = {"AWS_SESSION_TOKEN": None}


@pytest.mark.parametrize("way", ["sources", "layer"])
def test_the_sidecar_serves_what_a_function_would_read(
    aws: FakeAws, serve: Serve, layer: Path, tmp_path: Path, way: str
) -> None:
    """By the same declarations at the same paths, from the source tree and from the layer's."""
    aws.parameters.put("/p", "canary-p")
    aws.parameters.put("/mail/prod", "canary-mail")
    config = tmp_path / "warmkey.json"
    config.write_text(json.dumps({"secrets": {"mail": "/mail/{stage}"}}))
    from_layer = [str(layer / "extensions/warmkey"), "serve"]
    command = from_sources("serve") if way == "sources" else from_layer
    variables = {"P": "warmkey:/p", "STAGE": "prod", "WARMKEY_CONFIG": str(config)}
    sidecar = serve(command, **variables).wait_until_ready()
    assert sidecar.get("/v1/secrets").json() == {"mail": "canary-mail", "P": "canary-p"}
    official = sidecar.get("/systemsmanager/parameters/get?name=%2Fp&withDecryption=true")
    assert official.json()["Parameter"]["Value"] == "canary-p"
    assert sidecar.status()["state"] == "ready"
    assert aws.actions == ["GetParameters"]


def test_values_are_refreshed_though_nobody_reads(aws: FakeAws, serve: Serve) -> None:
    """Before they expire, as no Lambda freezes it."""
    aws.parameters.put("/p", "canary-1")
    sidecar = serve(P="warmkey:/p", WARMKEY_TTL="1").wait_until_ready()
    aws.parameters.put("/p", "canary-2")
    aws.wait_for_calls(len(aws.calls) + 2)  # so what the first of them has brought is held
    assert sidecar.status()["counters"]["reads"] == 0
    assert sidecar.read("P") == "canary-2"


def test_secrets_due_together_are_refreshed_in_the_fewest_calls(aws: FakeAws, serve: Serve) -> None:
    """Ten in each, as they were read in the beginning."""
    for number in range(12):
        aws.parameters.put(f"/p/{number}", "canary")
    declared = {f"P{number}": f"warmkey:/p/{number}" for number in range(12)}
    serve(**declared, WARMKEY_TTL="1").wait_until_ready()
    first, second = aws.calls[:2], aws.wait_for_calls(4)[2:4]
    assert sorted(len(call.names) for call in first) == [2, 10]
    assert {call.names for call in second} <= {call.names for call in first}


def test_missing_secret_is_tried_again(aws: FakeAws, serve: Serve) -> None:
    """Until it is there, though nobody reads; what is there goes on being refreshed."""
    sidecar = serve(P="warmkey:/p", WARMKEY_TTL="1", WARMKEY_NEGATIVE_TTL="300")
    assert sidecar.wait_for_line('"ready"')["missing"] == ["P"]
    aws.parameters.put("/p", "canary")
    aws.wait_for_calls(len(aws.calls) + 2)  # so what the first of them has brought is held
    assert sidecar.read("P") == "canary"


def test_a_required_secret_that_is_missing_ends_it(serve: Serve) -> None:
    """With exit code 1 and the reason, and it never says that it is ready."""
    sidecar = serve(P="warmkey:/none", WARMKEY_REQUIRED="true")
    assert sidecar.wait_for_end() == 1
    assert '"ready"' not in sidecar.output
    message = sidecar.logged("ERROR")[-1]["message"]
    assert "WARMKEY_REQUIRED" in message
    assert "P: SSM parameter /none does not exist" in message


def test_a_mistaken_setting_is_looked_up_when_it_is_ready(serve: Serve) -> None:
    """Nobody waits for that any more."""
    sidecar = serve(WARMKEY_TLL="1")
    sidecar.wait_for_line("did you mean WARMKEY_TTL?")
    assert [line["level"] for line in sidecar.lines] == ["INFO", "WARN"]


def test_a_mistaken_setting_is_told_before_what_it_may_have_caused(serve: Serve) -> None:
    """And once."""
    sidecar = serve(WARMKEY_TLL="1", P="warmkey:/none", WARMKEY_REQUIRED="true")
    assert sidecar.wait_for_end() == 1
    (warning,) = sidecar.logged("WARN")
    assert "did you mean WARMKEY_TTL?" in warning["message"]
    assert "WARMKEY_REQUIRED" in sidecar.lines[-1]["message"]


LONG_TOKEN = "canary-of-sixteen"


@pytest.mark.parametrize("accepted", ["WARMKEY_TOKEN", "WARMKEY_TOKEN_FILE", "AWS_SESSION_TOKEN"])
def test_a_client_with_the_token_may_read(serve: Serve, tmp_path: Path, accepted: str) -> None:
    """It is given by variable or by file, or is the session token; nobody else may."""
    file = tmp_path / "token"
    file.write_text(f"{LONG_TOKEN}\n")
    file.chmod(0o600)
    value = str(file) if accepted == "WARMKEY_TOKEN_FILE" else LONG_TOKEN
    sidecar = serve(**{**NO_SESSION, accepted: value}).wait_until_ready()
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: LONG_TOKEN}).status_code == 200
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: "another"}).status_code == 403
    assert sidecar.logged("WARN") == []


def test_the_token_s_file_may_change(serve: Serve, tmp_path: Path) -> None:
    """As it does when it is rotated: the new token is taken, and the old one no more."""
    file = tmp_path / "token"
    file.write_text("old")
    sidecar = serve(WARMKEY_TOKEN_FILE=str(file)).wait_until_ready()
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: "old"}).status_code == 200
    file.write_text("new")
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: "new"}).status_code == 200
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: "old"}).status_code == 403


@pytest.mark.parametrize("file", [None, "gone", "empty"])
def test_missing_token_that_keeps_everybody_out_is_reported(
    serve: Serve, tmp_path: Path, file: str | None
) -> None:
    """With what would mend it."""
    (tmp_path / "empty").touch()
    token_file = str(tmp_path / file) if file else None
    sidecar = serve(**NO_SESSION, WARMKEY_TOKEN_FILE=token_file)
    said = sidecar.wait_for_line("every read is refused")
    assert said["level"] == "WARN"
    assert re.search(r"WARMKEY_TOKEN\b.*WARMKEY_TOKEN_FILE", said["message"])
    assert sidecar.get("/v1/secrets", {TOKEN_HEADER: ""}).status_code == 403
    assert sidecar.get("/ping").text == "healthy"


def test_an_outage_is_logged_once_and_not_as_a_loss(serve: Serve, tmp_path: Path) -> None:
    """The last good value serves meanwhile, however often its refresh is tried again."""
    authority = Authority(tmp_path)
    with FakeAws(authority.issue()) as aws:
        aws.parameters.put("/a", "canary")
        sidecar = serve(**aws.environment(), A="warmkey:/a", WARMKEY_TTL="1").wait_until_ready()
        aws.impersonate(authority.issue_expired())
        aws.drop_connections()
        sidecar.wait_for_line("its last value is served")
        sidecar.wait_for_count("upstreamErrors", 3)
        assert sidecar.get("/v1/secrets/A").text == "canary"
    assert len(sidecar.logged("WARN")) == 1
    assert sidecar.logged("ERROR") == []
