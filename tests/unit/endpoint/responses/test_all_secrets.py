"""The endpoint: every declared secret in one answer."""

import json

import pytest

from extension.endpoint.responses.all_secrets import AllSecrets
from extension.http.failure import Failed, Kind
from tests.fakes.served import Served
from tests.fakes.supplied import TTL, value


@pytest.fixture
def world() -> Served:
    """An endpoint that serves three aliases of two sources."""
    return Served(A="/a", B="/a#user", C="/c")


def test_every_declared_secret_is_answered_in_the_order_of_declaration(world: Served) -> None:
    """Once all are there; two aliases of one source cost one fetch."""
    asked = world.ask("/v1/secrets")
    assert len(world.fetching) == 2
    answers = {"/a": value('{"user": "me"}'), "/c": value("c")}
    world.deliver(answers[world.fetching[0].name])
    assert asked.response is None
    world.deliver(answers[world.fetching[0].name])
    assert asked.answer.body == rb'{"A":"{\"user\": \"me\"}","B":"me","C":"c"}'


@pytest.mark.parametrize(
    ("form", "text"), [("dotenv", b"A='it'\\''s'\n"), ("shell", b"export A='it'\\''s'\n")]
)
def test_text_for_a_shell_is_answered(form: str, text: bytes) -> None:
    """With or without `export`."""
    world = Served(A="/a")
    world.hold(world.sources[0], value("it's"))
    assert world.ask(f"/v1/secrets?format={form}").answer.body == text


def test_empty_declarations_are_an_empty_object() -> None:
    """At once."""
    assert Served().ask("/v1/secrets").answer.body == b"{}"


def test_unavailable_secret_is_an_error_that_names_it(world: Served) -> None:
    """Rather than an answer that lacks it."""
    asked = world.ask("/v1/secrets")
    while world.fetching:
        missing = world.fetching[0].name == "/c"
        world.deliver(Failed(Kind.MISSING, "gone") if missing else value('{"user": "me"}'))
    assert asked.answer.status == 502
    assert json.loads(asked.answer.body)["detail"] == "C: gone"


def test_late_secret_makes_all_late(world: Served) -> None:
    """504, with its name."""
    world.hold(world.sources[0], value('{"user": "me"}'))
    asked = world.ask("/v1/secrets")
    world.run_out_of_time()
    assert asked.answer.status == 504
    assert json.loads(asked.answer.body)["detail"].startswith("C: ")


def test_read_of_many_secrets_leaves_turns_to_other_requests() -> None:
    """Whatever their number, nobody waits for more than one step of it."""
    world = Served(
        TTL, **{f"A{number}": "/a" if number % 2 else f"/{number}" for number in range(1000)}
    )
    asked, steps = world.ask("/v1/secrets"), 0
    while asked.response is None:
        while world.fetching:
            world.deliver(value("x"))
        assert world.ask("/v1/secrets/A1").answer.body == b"x"
        world.run_out_of_time()
        steps += 1
    assert json.loads(asked.answer.body) == {f"A{number}": "x" for number in range(1000)}
    assert steps >= 5 + 9  # to gather 501 sources, and to tell 1,000 values


@pytest.mark.parametrize("length", [0, 100_000])
def test_a_step_is_no_more_work_for_large_values(length: int) -> None:
    """They are fewer."""
    aliases = [f"A{number}" for number in range(40)]
    world = Served(TTL, **{alias: f"/{alias}" for alias in aliases})
    asked = world.ask("/v1/secrets")
    while world.fetching:
        world.deliver(value("x" * length))
    assert (asked.response is None) == bool(length)
    while asked.response is None:
        world.run_out_of_time()
    assert list(json.loads(asked.answer.body)) == aliases


def test_unavailable_secret_among_many_is_an_error_all_the_same() -> None:
    """Wherever it stands."""
    world = Served(TTL, **{f"A{number}": f"/{number}" for number in range(250)})
    asked = world.ask("/v1/secrets")
    while asked.response is None:
        while world.fetching:
            gone = world.fetching[0].name == "/249"
            world.deliver(Failed(Kind.MISSING, "gone") if gone else value("x"))
        world.run_out_of_time()
    assert json.loads(asked.answer.body)["detail"] == "A249: gone"


def test_a_fault_amid_the_steps_is_an_answer() -> None:
    """And told to the log; those who ask next are answered."""
    world = Served(TTL, **{f"A{number}": f"/{number}" for number in range(150)})
    world.endpoint._store = None  # type: ignore[assignment]
    for told in (1, 2):
        assert world.ask("/v1/secrets").answer.status == 500
        assert len(world.faults) == told


def test_the_response_as_json_has_the_values_by_alias() -> None:
    """Never cached, as they expire apart."""
    secrets = AllSecrets("json", ())
    secrets.add("A", "\u00e4\n")
    secrets.add("b/c", b"\xff")
    response = secrets.response()
    assert response.status == 200
    assert json.loads(response.body) == {"A": "\u00e4\n", "b/c": "/w=="}
    assert dict(response.headers) == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
    }
