"""What `warmkey.testing` gives to those who test their handlers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

import warmkey
from layer.build.plan import REPOSITORY
from tests.integration.clients.node_client import PACKAGE, node
from tests.patience import PATIENCE
from warmkey.pytest_plugin import warmkey_secrets
from warmkey.testing import Held, secrets

__all__ = ["warmkey_secrets"]


def handler() -> str:
    """A user's function."""
    return f"charged with {warmkey.get('stripeSecretKey')}"


def test_a_handler_reads_what_the_test_holds() -> None:
    """Text, bytes and JSON."""
    with secrets({"stripeSecretKey": "canary", "binary": b"\xff", "json": '{"a": 1}'}):
        assert handler() == "charged with canary"
        assert warmkey.get_bytes("binary") == b"\xff"
        assert warmkey.get_json("json") == {"a": 1}


def test_all_are_read_at_once(warmkey_secrets: Held) -> None:
    """Binary ones in base64; where one can't be had, none is, as in life."""
    warmkey_secrets.update({"stripeSecretKey": "canary", "binary": b"\xff"})
    assert warmkey.get_all() == {"stripeSecretKey": "canary", "binary": "/w=="}
    warmkey_secrets["third"] = warmkey.UpstreamError("not today")
    with pytest.raises(warmkey.UpstreamError, match="not today"):
        warmkey.get_all()


def test_a_rotation_is_seen_at_the_next_read(warmkey_secrets: Held) -> None:
    """The client keeps nothing meanwhile."""
    for value in ("canary-1", "canary-2"):
        warmkey_secrets["stripeSecretKey"] = value
        assert handler() == f"charged with {value}"


def test_an_alias_that_is_not_held_is_not_declared(warmkey_secrets: Held) -> None:
    """As in life; one that was taken out, too."""
    warmkey_secrets["stripeSecretKey"] = "canary"
    del warmkey_secrets["stripeSecretKey"]
    with pytest.raises(warmkey.SecretNotFound, match="'stripeSecretKey' in this test"):
        handler()


@pytest.mark.parametrize("error", [warmkey.UpstreamError, warmkey.AccessRefused])
def test_an_error_in_a_secret_s_place_is_raised_by_its_read(
    warmkey_secrets: Held, error: type[warmkey.WarmkeyError]
) -> None:
    """So that a handler's own way with it can be tested."""
    warmkey_secrets["stripeSecretKey"] = error("not today")
    with pytest.raises(error, match="not today"):
        handler()


@pytest.mark.parametrize("before", [None, "9"])
def test_the_environment_is_as_before(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    """Set or not."""
    monkeypatch.delenv("WARMKEY_PORT", raising=False)
    if before:
        monkeypatch.setenv("WARMKEY_PORT", before)
    with secrets():
        assert os.environ["WARMKEY_PORT"] != before
    assert os.environ.get("WARMKEY_PORT") == before


def test_a_test_may_take_the_variables_out_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are still out afterwards."""
    monkeypatch.delenv("WARMKEY_TOKEN", raising=False)
    with secrets():
        del os.environ["WARMKEY_TOKEN"]
    assert "WARMKEY_TOKEN" not in os.environ


def test_another_process_or_language_reads_it_too(warmkey_secrets: Held) -> None:
    """With the variables that this process has."""
    warmkey_secrets["KEY"] = "canary"
    script = f"require({str(PACKAGE)!r}).get('KEY').then(console.log)"
    command = [node(), "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "canary\n"


def test_an_answer_has_the_headers_that_the_extension_s_have(warmkey_secrets: Held) -> None:
    """A client in another language may want them; none may keep what a test can change."""
    warmkey_secrets.update({"TEXT": "canary", "BINARY": b"canary"})
    address = f"http://127.0.0.1:{os.environ['WARMKEY_PORT']}/v1/secrets"
    headers = {"X-Aws-Parameters-Secrets-Token": os.environ["WARMKEY_TOKEN"]}
    for path, content_type in {
        "/TEXT": "text/plain; charset=utf-8",
        "/BINARY": "application/octet-stream",
        "": "application/json",
        "/GONE": "application/problem+json",
    }.items():
        found = requests.get(f"{address}{path}", headers=headers, timeout=PATIENCE).headers
        assert found["Content-Type"] == content_type
        assert (found["Cache-Control"], found["Age"]) == ("private, max-age=0", "0")


def test_a_wrong_token_is_refused(warmkey_secrets: Held) -> None:
    """A test that forgets the token fails as life would."""
    warmkey_secrets["KEY"] = "canary"
    address = f"http://127.0.0.1:{os.environ['WARMKEY_PORT']}/v1/secrets/KEY"
    assert requests.get(address, timeout=PATIENCE).status_code == 403


def test_pytest_finds_the_fixture_by_itself(tmp_path: Path) -> None:
    """Once its plugin is loaded; nothing imports the fixture."""
    (tmp_path / "test_it.py").write_text(
        "import warmkey\n\n"
        "def test_it(warmkey_secrets):\n"
        "    warmkey_secrets['KEY'] = 'canary'\n"
        "    assert warmkey.get('KEY') == 'canary'\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "warmkey.pytest_plugin", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "layer/python")}
    done = subprocess.run(  # noqa: S603
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "1 passed" in done.stdout, done.stdout
