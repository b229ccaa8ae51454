"""What a shell completes of the command: functions, profiles, regions, stages, names, aliases."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from layer.build.plan import REPOSITORY
from tests.fakes.fleet import Fleet
from tests.fakes.operator import PROFILE, Operator
from warmkey.deploy.commands.group import warmkey

TABLE = {
    "stages": {"prod": {"key": "/key/live"}, "dev": {"key": "/key/test#field"}},
    "secrets": {"db": "secretsmanager:db", "app": "ssm:/app/*"},
}


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with three functions, of which one has the layer."""
    fleet = Fleet(operator)
    fleet.warmkey()
    for name in ("billing", "basket", "mail"):
        fleet.function(name)
    operator.run("attach", "billing", "--yes", "--secret", "KEY=/key", "--stage", "prod")
    return fleet


@pytest.fixture
def project(operator: Operator) -> Operator:
    """A folder with declarations."""
    (operator.folder / "warmkey.json").write_text(json.dumps(TABLE), encoding="utf-8")
    return operator


def complete(line: str) -> list[str]:
    """What Bash would get for a line, of which the last word is being written."""
    words = line.split(" ")
    result = CliRunner().invoke(
        warmkey,
        [],
        prog_name="warmkey",
        env={
            "_WARMKEY_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
    )
    assert result.stderr == ""
    return [each.partition(",")[2] for each in result.output.split()]


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("warmkey attach ", ["basket", "billing", "mail"]),
        ("warmkey attach b", ["basket", "billing"]),
        ("warmkey attach basket b", ["billing"]),
        ("warmkey doctor ma", ["mail"]),
        ("warmkey bench bi", ["billing"]),
        ("warmkey detach ", ["billing"]),
        (f"warmkey status --profile {PROFILE} ", ["billing"]),
        ("warmkey attach --region eu-west-1 b", []),
        ("warmkey attach billing --remove ", ["KEY"]),
        ("warmkey attach mail --remove ", []),
        ("warmkey attach --profile nobody b", []),
    ],
)
def test_functions_and_aliases_are_those_of_the_account(line: str, found: list[str]) -> None:
    """Those that are named already are left out, and those that the command is not for."""
    assert complete(line) == found


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("warmkey policy --stage ", ["dev", "prod"]),
        ("warmkey attach --stage p", ["prod"]),
        ("warmkey put ", ["/key/live", "/key/test", "secretsmanager:db"]),
        ("warmkey get /key/l", ["/key/live"]),
    ],
)
def test_stages_and_names_are_those_of_the_project(line: str, found: list[str]) -> None:
    """Of its warmkey.json; AWS is not asked."""
    assert complete(line) == found


@pytest.mark.usefixtures("operator")
def test_profiles_and_regions_are_those_of_this_machine() -> None:
    """As the AWS SDKs find them."""
    assert {"default", PROFILE} <= set(complete("warmkey list --profile "))
    assert "eu-central-1" in complete("warmkey publish --region eu-central-")
    assert "upgrade" in complete("warmkey up")


@pytest.mark.usefixtures("fleet")
def test_failed_completion_completes_nothing_and_says_nothing(operator: Operator) -> None:
    """The line is still being written."""
    operator.deny("lambda.ListFunctions")
    assert complete("warmkey attach b") == []
    (operator.folder / "warmkey.json").write_text("{", encoding="utf-8")
    assert complete("warmkey put /") == []


@pytest.fixture
def command(tmp_path: Path) -> dict[str, str]:
    """An environment in which Bash finds the command."""
    program = tmp_path / "bin" / "warmkey"
    program.parent.mkdir()
    code = "from warmkey.deploy.__main__ import main\nmain()\n"
    program.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    program.chmod(0o755)
    config = tmp_path / "config"
    config.write_text("[profile live]\n[profile test]\n", encoding="utf-8")
    path = os.pathsep.join((str(program.parent), "/usr/bin", "/bin"))
    return {
        "AWS_CONFIG_FILE": str(config),
        "PATH": path,
        "PYTHONPATH": str(REPOSITORY / "layer/python"),
    }


def test_bash_completes_with_the_script_that_the_command_prints(command: dict[str, str]) -> None:
    """As documented: `eval` of what it prints."""
    bash = shutil.which("bash")
    assert bash
    line = (
        'eval "$(_WARMKEY_COMPLETE=bash_source warmkey)"; COMP_WORDS=(warmkey list --profile l); '
        'COMP_CWORD=3; _warmkey_completion warmkey; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(  # noqa: S603
        [bash, "--norc", "-c", line], env=command, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("live\n", "")
