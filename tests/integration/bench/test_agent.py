"""AWS's agent, beside which warm reads are measured: how it is had, and what it is asked."""

from pathlib import Path

import pytest
import requests

from tests.bench.peers import BUILD
from tests.bench.reads import agent, server
from tests.bench.reads.server import Server
from tests.bench.world import SECRET
from tests.fakes.heads import TOKEN_HEADER
from tests.languages.language import Unavailable
from tests.patience import PATIENCE


def asked(server: Server) -> requests.Response:
    """Its answer to the request that is measured."""
    return requests.get(server.url, headers={TOKEN_HEADER: server.token}, timeout=PATIENCE)


def test_warmkey_answers_the_agents_request() -> None:
    """With what the secret holds."""
    with server.warmkey() as ours:
        answer = asked(server.as_agent(ours))
    assert answer.status_code == 200
    assert answer.json()["SecretString"] == SECRET


def test_the_agent_answers_the_same() -> None:
    """It is not built for this test, as that takes minutes of both cores."""
    if not agent.is_built(BUILD):
        pytest.skip("AWS's agent is not built here: `make bench-reads` builds it")
    with agent.agent() as theirs, server.warmkey() as ours:
        answers = [asked(each) for each in (theirs, server.as_agent(ours))]
    said = [(each.json()["Name"], each.json()["SecretString"]) for each in answers]
    assert said == [("bench", SECRET)] * 2


def test_a_build_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the registry can't be reached."""
    cargo = tmp_path / "cargo"
    cargo.write_text("#!/bin/sh\necho it is offline >&2\nexit 101\n")
    cargo.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match=r"3\.1\.2 cannot be built: it is offline"):
        agent.built(tmp_path)


def test_a_machine_without_rust_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the row is left out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="there is no Rust"):
        agent.built(tmp_path)
