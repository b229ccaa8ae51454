"""The files to copy keep the token of the start, and open no more connections than are served."""

import os
import subprocess
import threading
from collections.abc import Sequence

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.languages.go import GO
from tests.languages.java import JAVA
from tests.languages.language import Language
from tests.languages.rust import RUST
from tests.languages.shell import SHELL
from tests.languages.skipping import skipped_where_unavailable
from tests.patience import PATIENCE

MOST = 64
OTHER = "token-of-another-role"
NEITHER = ": neither the token that this process started with nor"

# A program in Java can't change its environment.
with_environment = pytest.mark.parametrize(
    "language", [GO, RUST, SHELL], ids=lambda each: each.name
)
side_by_side = pytest.mark.parametrize("language", [JAVA, GO, RUST], ids=lambda each: each.name)


@pytest.fixture
def endpoint(endpoint: FakeEndpoint) -> FakeEndpoint:
    """The endpoint, with what a reader reads."""
    endpoint.serve("FIRST", "first")
    endpoint.serve("KEY", "value")
    return endpoint


def read(
    language: Language, endpoint: FakeEndpoint, *arguments: str, **variables: str
) -> Sequence[str]:
    """What the language's program of reads prints, line by line."""
    assert language.reader is not None
    with skipped_where_unavailable():
        command = language.reader()
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, *arguments],
        env={"PATH": os.environ["PATH"], **endpoint.environ, **variables},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@side_by_side
def test_reads_at_once_share_64_connections(language: Language, endpoint: FakeEndpoint) -> None:
    """Further ones wait for theirs: each answer is held until there are as many as there may be."""
    together, lock = threading.Barrier(MOST, timeout=PATIENCE), threading.Lock()
    first, under_way, most = True, 0, 0

    def hold() -> None:
        nonlocal first, under_way, most
        with lock:
            is_first, first = first, False
            under_way += 1
            most = max(most, under_way)
        if not is_first:
            together.wait()
        with lock:
            under_way -= 1

    endpoint.before_answering = hold
    assert read(language, endpoint, str(10 * MOST)) == ["value"] * 10 * MOST
    assert most <= MOST


@with_environment
def test_the_token_of_the_start_goes_on_being_sent(
    language: Language, endpoint: FakeEndpoint
) -> None:
    """Whatever a function that takes on another role puts into its environment."""
    assert read(language, endpoint, "2", OTHER) == ["value"] * 2
    assert len(endpoint.requests) == 3


@with_environment
def test_refused_read_falls_back_to_the_environment(
    language: Language, endpoint: FakeEndpoint
) -> None:
    """As after a restore, when there is another."""
    right = endpoint.environ["AWS_SESSION_TOKEN"]
    assert read(language, endpoint, "2", right, AWS_SESSION_TOKEN=OTHER) == ["value"] * 2


@with_environment
def test_an_error_names_both_tokens_where_both_are_refused(
    language: Language, endpoint: FakeEndpoint
) -> None:
    """And each is tried once."""
    (line,) = read(language, endpoint, "1", OTHER, AWS_SESSION_TOKEN="canary")
    assert NEITHER in line
    assert OTHER not in line
    assert "canary" not in line
    assert len(endpoint.requests) == 3  # the first read was before there were two


@with_environment
def test_white_space_around_a_token_is_not_sent(language: Language, endpoint: FakeEndpoint) -> None:
    """Such as the line break at the end of a file that it came from."""
    token = endpoint.environ["AWS_SESSION_TOKEN"]
    assert read(language, endpoint, "1", AWS_SESSION_TOKEN=f" {token}\n") == ["value"]


@pytest.mark.parametrize("language", [GO, RUST, SHELL], ids=lambda each: each.name)
def test_a_token_is_sent_in_utf_8(language: Language) -> None:
    """As the extension expects it. Java's own client sends nothing but ASCII."""
    with FakeEndpoint(token="schl\u00fcssel".encode().decode("latin-1")) as endpoint:
        endpoint.serve("FIRST", "first")
        endpoint.serve("KEY", "value")
        assert read(language, endpoint, "1", AWS_SESSION_TOKEN="schl\u00fcssel") == ["value"]
