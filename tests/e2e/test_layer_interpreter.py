"""Code on the layer's interpreter works as on any other, from a snapshot and without one."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.hash_seed import hash_seed
from tests.patience import PATIENCE
from tests.rapid.layer import build

ATTEMPTS = {
    "absent_codec": "LookupError: unknown encoding: cp037",
    "arguments": "(['arguments'], 1, [])",
    "bad_json": "JSONDecodeError: Expecting property name enclosed in double quotes",
    "broken_pipe": "BrokenPipeError: [Errno 32] Broken pipe",
    "child": "True",
    "clock": "(True, True, True)",
    "codec_in_python": "b'a.example'",
    "collect": "True",
    "compiled": "Pair(a=1, b=2)",
    "decode_ascii": "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff",
    "decode_bad_utf_8": "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff",
    "decode_with_replacement": "'a\\\\xff'",
    "decode_with_surrogates": "'\\udcff'",
    "encode_latin_1": "UnicodeEncodeError: 'latin-1' codec can't encode character",
    "encode_surrogate": "UnicodeEncodeError: 'utf-8' codec can't encode character '\\udcff'",
    "environment": "({'A': '\\udcff'}, {b'A': b'\\xff'}, '\\udcff')",
    "formatted_traceback": "'ValueError: x\\n'",
    "from_package": "ImportError: cannot import name 'nothing' from 'extension'",
    "grown": "(45, 10, 9)",
    "hash_unknown": "UnsupportedDigestmodError: refused as unsupported or malformed",
    "hash_with_openssl": "'e3b0c442'",
    "host_name_in_unicode": "UnicodeEncodeError: 'ascii' codec can't encode",
    "identity": "(True, True, True)",
    "import_codecs": "True",
    "import_later": "ModuleNotFoundError: No module named 'calendar'",
    "import_nothing": "ModuleNotFoundError: No module named 'absent'",
    "interrupt": "'handled'",
    "opened": "''",
    "own_path": "[True, True]",
    "recursion": "RecursionError: maximum recursion depth exceeded",
    "regular_expression": "'cbt'",
    "resolve": "('127.0.0.1', 1)",
    "standard_input": "'ü\\n'",
    "streams": "[('<stdin>', 'r', 'utf-8', 'backslashreplace'), ('<stdout>', 'w', 'utf-8', ",
    "thread": "'joined'",
    "threads": "([0, 1, 2, 3, 4, 5, 6, 7], False)",
    "unknown_handler": "LookupError: unknown error handler name 'nonsense'",
    "unraisable": "'went on'",
    "warning": "'warned'",
}


@pytest.fixture(scope="module", params=[True, False], ids=["snapshot", "seed alone"])
def interpreter(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The daemon's interpreter with the attempts in the daemon's place."""
    executable = tmp_path_factory.mktemp("interpreter") / "warmkey"
    build(snapshot=request.param).daemon(
        executable, Path(__file__).parent / "interpreter/extension"
    )
    return executable


def attempt(interpreter: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Make one attempt in a process of its own."""
    return subprocess.run(  # noqa: S603
        [interpreter, name],
        env={"A": "\udcff"},
        input="ü\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_interpreter_works_as_anywhere(interpreter: Path, name: str) -> None:
    """It works, or raises what it should, and the process goes on."""
    done = attempt(interpreter, name)
    assert done.stdout.startswith(ATTEMPTS[name]), done
    assert done.returncode == 3


def test_every_attempt_is_made() -> None:
    """Or one could be forgotten here."""
    text = (Path(__file__).parent / "interpreter/extension/attempts.py").read_text("utf-8")
    made = {line[4:].partition("(")[0] for line in text.splitlines() if line.startswith("def ")}
    assert made == {*ATTEMPTS, "addresses", "hash_of_text", "randomness", "system_exit", "uncaught"}


def test_the_interpreter_ends_with_the_status_of_a_system_exit(interpreter: Path) -> None:
    """As Python ends."""
    done = attempt(interpreter, "system_exit")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


def test_an_uncaught_exception_is_printed(interpreter: Path) -> None:
    """With where it was, and status 1."""
    done = attempt(interpreter, "uncaught")
    assert done.returncode == 1
    assert "in uncaught" in done.stderr
    assert "Other: x" in done.stderr


def test_no_two_starts_have_the_same_randomness(interpreter: Path) -> None:
    """Neither of the system's nor of OpenSSL's, whose generators a snapshot must not hold."""
    seen = [attempt(interpreter, "randomness").stdout for _ in range(10)]
    parts = [part for each in seen for part in ast.literal_eval(each)]
    assert len(set(parts)) == len(parts) == 20


def test_mappings_that_can_be_at_random_places_are(interpreter: Path) -> None:
    """All that is no part of a snapshot; and the stack is guarded by random numbers."""
    if Path("/proc/sys/kernel/randomize_va_space").read_text("ascii").strip() != "2":
        pytest.skip("this machine has turned random addresses off")
    seen = [ast.literal_eval(attempt(interpreter, "addresses").stdout) for _ in range(5)]
    assert len(seen[0]) == 7
    assert {name: len({each[name] for each in seen}) > 1 for name in seen[0]} == dict.fromkeys(
        seen[0], True
    )
    assert None not in [part for each in seen for part in each.values()]


def test_a_snapshot_hashes_by_the_seed_that_it_is_said_to_have(interpreter: Path) -> None:
    """Other Pythons find the same hashes with it; without a snapshot each process has its own."""
    own = {**os.environ, "PYTHONHASHSEED": str(hash_seed())}
    command = [sys.executable, "-c", "print(hash('text'))"]
    expected = subprocess.check_output(command, env=own, text=True).strip()  # noqa: S603
    seen = {attempt(interpreter, "hash_of_text").stdout for _ in range(2)}
    assert (seen == {expected}) or (len(seen) == 2 and expected not in seen)
    assert (len(seen) == 1) == (interpreter.with_name("seed").exists())
