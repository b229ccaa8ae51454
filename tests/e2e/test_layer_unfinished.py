"""Code on the interpreter's core, which is never finished, works, or raises what it should."""

import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid.layer import build

NO_CODECS = "LookupError: no codec search functions registered: can't find encoding"
ATTEMPTS = {
    "arguments": "(['arguments'], 1, [])",
    "bad_json": "JSONDecodeError: Expecting property name enclosed in double quotes",
    "bad_time": "ValueError: time data 'x' does not match format '%Y'",
    "broken_pipe": "BrokenPipeError: [Errno 32] Broken pipe",
    "codec_in_python": NO_CODECS,
    "collect": "True",
    "decode_ascii": "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff",
    "decode_bad_utf_8": "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff",
    "decode_with_replacement": "'a\\\\xff'",
    "decode_with_surrogates": "'\\udcff'",
    "encode_latin_1": "UnicodeEncodeError: 'latin-1' codec can't encode character",
    "encode_surrogate": "UnicodeEncodeError: 'utf-8' codec can't encode character '\\udcff'",
    "hash_with_openssl": "'e3b0c442'",
    "import_codecs": "True",
    "import_much": "'cbt'",
    "import_nothing": "ModuleNotFoundError: No module named 'absent'",
    "interrupt": "'handled'",
    "opened": "NameError: name 'open' is not defined",
    "recursion": "RecursionError: maximum recursion depth exceeded",
    "resolve": NO_CODECS,
    "thread": "'joined'",
    "traceback": "'ValueError: x\\n'",
    "unknown_handler": "LookupError: unknown error handler name 'nonsense'",
    "unraisable": "'went on'",
    "warning": "'warned'",
}


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The daemon's interpreter with the attempts in the daemon's place."""
    executable = tmp_path_factory.mktemp("unfinished") / "warmkey"
    extension = Path(__file__).parent / "unfinished/extension"
    build().daemon(executable, extension=extension)
    return executable


def attempt(interpreter: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Make one attempt in a process of its own."""
    return subprocess.run(  # noqa: S603
        [interpreter, name], env={}, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_is_safe_on_the_core(interpreter: Path, name: str) -> None:
    """It works, or raises what it should, and the process goes on."""
    done = attempt(interpreter, name)
    assert done.stdout.startswith(ATTEMPTS[name]), done
    assert done.returncode == 3


def test_every_attempt_is_made() -> None:
    """Or one could be forgotten here."""
    text = (Path(__file__).parent / "unfinished/extension/attempts.py").read_text("utf-8")
    made = {line[4:].partition("(")[0] for line in text.splitlines() if line.startswith("def ")}
    assert made == {*ATTEMPTS, "system_exit", "uncaught"}


def test_it_ends_with_the_status_of_a_system_exit(interpreter: Path) -> None:
    """As Python ends."""
    done = attempt(interpreter, "system_exit")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


def test_an_uncaught_exception_is_printed(interpreter: Path) -> None:
    """With where it was, and status 1."""
    done = attempt(interpreter, "uncaught")
    assert done.returncode == 1
    assert "in uncaught" in done.stderr
    assert "Other: x" in done.stderr
