"""Reading every secret at once: as JSON, and as text that a shell may evaluate safely."""

import base64
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import serving
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE

VALUES = {
    "PLAIN": "canary",
    "QUOTES": "canary ' '' \" ` \\ \\\\' '\\''",
    "EXPANSIONS": "canary $HOME ${HOME} $(id) `id` !! *  ? [a] ~ # ; & | > /tmp/x",
    "LINES": "canary\n\nEVIL=1\r\nrm -rf /\n'\n\n",
    "UNICODE": "canary äöü € 😀",
    "_1": "  canary\t",
}
BINARY = b"canary\x00\xff"


def put(aws: FakeAws) -> Mapping[str, str]:
    """Values that shells get wrong, and names that no shell has."""
    for alias, value in VALUES.items():
        aws.parameters.put(f"/{alias}", value)
    aws.parameters.put("/nul", "canary\0nul")
    aws.secrets.put("binary", BINARY)
    declared = {alias: f"/{alias}" for alias in VALUES}
    odd = {"db/password": "/PLAIN", "1ST": "/PLAIN", "A=B": "/PLAIN", "x;id": "/PLAIN"}
    return {**declared, **odd, "NUL": "/nul", "BINARY": "secretsmanager:binary"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put) as running:
        yield running


def evaluated(script: str, *names: str) -> list[str]:
    """What the variables hold after a POSIX shell has evaluated a script, and what it printed."""
    show = "".join(f"printf '%s\\0' \"${name}\"\n" for name in names)
    shell = subprocess.run(
        ["/bin/sh", "-eu"],
        input=f"{script}\n{show}".encode(),
        env={"HOME": "wrong"},
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert shell.stderr == b""
    return shell.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("target", ["/v1/secrets", "/v1/secrets/", "/v1/secrets?format=json"])
def test_every_secret_comes_as_json(daemon: Daemon, target: str) -> None:
    """By alias, in the order of the declarations; binary ones in base64; not to be cached."""
    answer = daemon.get(target)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        **VALUES,
        **dict.fromkeys(("db/password", "1ST", "A=B", "x;id"), "canary"),
        "NUL": "canary\0nul",
        "BINARY": base64.b64encode(BINARY).decode(),
    }
    assert list(answer.json())[: len(VALUES)] == list(VALUES)


@pytest.mark.parametrize("form", ["shell", "dotenv"])
def test_a_shell_evaluates_each_value_to_itself(daemon: Daemon, form: str) -> None:
    """Whatever it holds, to the last line break."""
    answer = daemon.get(f"/v1/secrets?format={form}")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert evaluated(answer.text, *VALUES) == list(VALUES.values())


def test_the_shell_form_exports(daemon: Daemon) -> None:
    """So that what is started next has the variables."""
    script = daemon.get("/v1/secrets?format=shell").text
    names = 'sh -c \'printf "%s\\0" "$PLAIN"\''
    assert evaluated(f"{script}\n{names}") == ["canary"]


def test_the_dotenv_form_only_assigns(daemon: Daemon) -> None:
    """One assignment for each variable, and comments."""
    text = daemon.get("/v1/secrets?format=dotenv").text
    assert text.startswith("PLAIN='canary'\n")
    assert "export " not in text


@pytest.mark.parametrize("form", ["shell", "dotenv"])
def test_value_that_no_variable_can_hold_is_in_a_comment(daemon: Daemon, form: str) -> None:
    """Names that are none, and values with a NUL; the value is not in the comment."""
    comments = [
        line
        for line in daemon.get(f"/v1/secrets?format={form}").text.splitlines()
        if line.startswith("# ")
    ]
    assert comments == [
        '# not a variable\'s name: "db/password"',
        '# not a variable\'s name: "1ST"',
        '# not a variable\'s name: "A=B"',
        '# not a variable\'s name: "x;id"',
        "# binary, so no variable can hold it: NUL",
        "# binary, so no variable can hold it: BINARY",
    ]


@pytest.mark.parametrize("query", ["format=yaml", "refresh=true", "form=json"])
def test_a_parameter_that_means_nothing_here_is_refused(daemon: Daemon, query: str) -> None:
    """`refresh` is for one secret."""
    assert daemon.get(f"/v1/secrets?{query}").status_code == 400
