"""`warmkey exec -- PROGRAM`: the program gets the declared secrets, on the operator's machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, MotoAws
from tests.patience import PATIENCE

PACKAGE = Path(__file__).parents[3] / "layer/python"
PRINT = (sys.executable, "-c", "import os, sys; print(*map(os.environ.get, sys.argv[1:]))")
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def aws() -> Iterator[MotoAws]:
    """SSM and Secrets Manager, with a key of two stages and a path."""
    with MotoAws() as running:
        running.put_secure({"/key/live": "live-value", "/key/test": "test-value", "/db/user": "u"})
        yield running


def warmkey(aws: MotoAws, folder: Path, *arguments: str) -> Done:
    """Run `warmkey exec` in a folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PACKAGE),
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-m", "warmkey.deploy", "exec", "--region", REGION, *arguments]
    return subprocess.run(  # noqa: S603 (the project's own command)
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


KEY = ("--secret", "KEY=/key/{stage}", "--stages", "prod=live,*=test")


def test_a_program_gets_what_is_declared(aws: MotoAws, tmp_path: Path) -> None:
    """In its stage; and nothing of how it came by that."""
    names = ("KEY", "WARMKEY_SOCKET", "WARMKEY_TOKEN", "AWS_SESSION_TOKEN")
    done = warmkey(aws, tmp_path, *KEY, "--stage", "prod", "--", *PRINT, *names)
    assert (done.returncode, done.stdout) == (0, "live-value None None None\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_project_s_declarations_count(aws: MotoAws, tmp_path: Path) -> None:
    """Those of the folder, by alias; of a path its parameters."""
    (tmp_path / "warmkey.json").write_text(
        '{"secrets": {"STRIPE": "/key/test", "not-a-variable": "/key/live"}}'
    )
    done = warmkey(aws, tmp_path, "--", *PRINT, "STRIPE", "not-a-variable", "WARMKEY_CONFIG")
    assert (done.returncode, done.stdout) == (0, "test-value None None\n"), done.stderr


def test_a_program_takes_the_command_s_place(aws: MotoAws, tmp_path: Path) -> None:
    """With its options and its exit code."""
    program = (sys.executable, "-c", "import sys; print(sys.argv[1:]); sys.exit(7)")
    done = warmkey(aws, tmp_path, *KEY, "--stage=dev", "--", *program, "--profile", "-x", "a b")
    assert (done.returncode, done.stdout) == (7, "['--profile', '-x', 'a b']\n"), done.stderr


def test_a_dry_run_names_the_variables(aws: MotoAws, tmp_path: Path) -> None:
    """And starts nothing."""
    done = warmkey(aws, tmp_path, *KEY, "--stage=prod", "--dry-run", "--", "false")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["KEY", "WARMKEY_STAGE", "WARMKEY_STAGES"]


def test_a_missing_secret_starts_nothing(aws: MotoAws, tmp_path: Path) -> None:
    """It is named, with what to do."""
    done = warmkey(aws, tmp_path, "--secret", "KEY=/none", "--", *PRINT, "KEY")
    assert (done.returncode, done.stdout) == (1, "")
    assert "/none does not exist" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--secret", "KEY=/key/live", "--", "./no-such-program"], 127, "can't be run: No such"),
        (["--secret", "KEY=/key/live", "--", "/"], 126, "/ can't be run: Permission denied"),
        (["--secret", "KEY=/key/live"], 2, "Missing argument"),
        (["--config", "none.json", "--", "true"], 2, "none.json"),
    ],
    ids=["missing", "no program", "none", "no declarations"],
)
def test_a_program_that_can_not_be_started_is_said_so(
    aws: MotoAws, tmp_path: Path, arguments: list[str], code: int, told: str
) -> None:
    """With a shell's exit codes."""
    done = warmkey(aws, tmp_path, *arguments)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr


def test_a_malformed_declaration_is_said_so(aws: MotoAws, tmp_path: Path) -> None:
    """Before anything is asked for."""
    (tmp_path / "warmkey.json").write_text('{"secrets": {"STRIPE": "nonsense"}}')
    done = warmkey(aws, tmp_path, "--", *PRINT, "STRIPE")
    assert (done.returncode, "STRIPE" in done.stderr, "Traceback" in done.stderr) == (
        1,
        True,
        False,
    )
