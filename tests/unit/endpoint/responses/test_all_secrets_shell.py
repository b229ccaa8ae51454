"""Secrets as shell text, evaluated by a real shell."""

import json
import subprocess
from collections.abc import Container, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extension.declared.environment.variable_name import is_valid
from extension.endpoint.responses.all_secrets import AllSecrets
from extension.http.messages import Response
from tests.patience import PATIENCE

# What a variable can hold: anything but NUL; half a surrogate pair is not text.
values = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
nasty = st.text("'\"\\$`\n\r!#&|;<>(){}[]*?~ \ta=%^\x01\x7f\x80\xffé\u2028", max_size=40)
SHELL = "/bin/sh"


def all_as_shell(
    secrets: Mapping[str, str | bytes], form: str, declared: Container[str]
) -> Response:
    """The response with these secrets."""
    text = AllSecrets(form, declared)
    for alias, value in secrets.items():
        text.add(alias, value)
    return text.response()


def evaluated(text: bytes, *names: str) -> list[bytes]:
    """What a real shell holds in some variables after it has evaluated a text."""
    script = 'eval "$1"; shift; for name; do eval "printf %s \\"\\$$name\\"; printf .x."; done'
    done = subprocess.run(  # noqa: S603
        [SHELL, "-euc", script, "sh", text, *names],
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stderr == b""
    return done.stdout.split(b".x.")[:-1]


@settings(max_examples=40)
@given(st.lists(values | nasty, min_size=1, max_size=8), st.sampled_from(["dotenv", "shell"]))
@example(["it's", "'", "''", "\\'", "\\", "$(id)`id`$HOME", "\n\n", "-n", "a b", ""], "dotenv")
def test_a_shell_evaluates_exactly_the_value(held: list[str], form: str) -> None:
    """Whatever characters it has."""
    secrets = {f"V{number}": value for number, value in enumerate(held)}
    text = all_as_shell(secrets, form, ()).body
    assert evaluated(text, *secrets) == [value.encode() for value in held]


def test_a_shell_exports_what_is_to_be_exported() -> None:
    """To the commands it runs."""
    text = all_as_shell({"A": "it's"}, "shell", ()).body + b"printenv A"
    done = subprocess.run([SHELL, "-c", text], capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
    assert done.stdout == b"it's\n"


@pytest.mark.parametrize(
    "alias", ["db/password", "1A", "a-b", "é", "a b", "a\nid", "$(id)", "", "a="]
)
def test_an_alias_that_is_no_variable_s_name_is_a_comment(alias: str) -> None:
    """On one line, so that it runs nothing."""
    text = all_as_shell({alias: "canary", "B": "b"}, "dotenv", ()).body
    comment, assignment = text.splitlines()
    assert comment.startswith(b"# not a variable's name: ")
    assert b"canary" not in text
    assert assignment == b"B='b'"
    assert evaluated(text, "B") == [b"b"]


@pytest.mark.parametrize("held", [b"bytes", "a\0b"])
def test_a_value_that_no_variable_can_hold_is_a_comment(held: str | bytes) -> None:
    """It names the alias."""
    assert (
        all_as_shell({"A": held}, "dotenv", ()).body == b"# binary, so no variable can hold it: A\n"
    )


@pytest.mark.parametrize(
    ("alias", "is_one"),
    [("A", True), ("_a1", True), ("STRIPE_KEY", True), ("1a", False), ("", False), ("a-b", False),
     ("é", False), ("a\n", False), ("²", False)],
)  # fmt: skip
def test_a_variable_s_name_is_what_a_shell_takes_for_one(alias: str, is_one: bool) -> None:
    """POSIX: ASCII letters, digits and _, not beginning with a digit."""
    assert is_valid(alias) is is_one


@pytest.mark.parametrize("name", ["LD_PRELOAD", "BASH_ENV", "PATH", "PS4"])
def test_a_path_s_parameter_that_steers_programs_is_a_comment(name: str) -> None:
    """It would steer the shell that evaluates the text; one that was declared is set."""
    text = all_as_shell({name: "canary", "B": "b"}, "shell", ("B",)).body
    comment = f"# not set from a path, as it steers programs: {json.dumps(name)}\n"
    assert text == f"{comment}export B='b'\n".encode()
    assert all_as_shell({name: "a"}, "dotenv", (name,)).body == f"{name}='a'\n".encode()


def test_a_name_that_steers_programs_runs_nothing_itself() -> None:
    """Whatever follows what it begins with."""
    text = all_as_shell({"LD_\nB=b": "canary"}, "shell", ()).body
    assert text.startswith(b"# ")
    assert text.count(b"\n") == 1


def test_the_text_is_never_cached() -> None:
    """As the values expire apart."""
    assert dict(all_as_shell({}, "dotenv", ()).headers) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
    }
