"""The endpoint: every declared secret in one answer."""

import json

import pytest

from extension.http.failure import Failed, Kind
from tests.fakes.served import Served
from tests.fakes.supplied import value


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


def test_nothing_declared_is_an_empty_object() -> None:
    """At once."""
    assert Served().ask("/v1/secrets").answer.body == b"{}"


def test_one_that_can_t_be_had_is_an_error_that_names_it(world: Served) -> None:
    """Rather than an answer that lacks it."""
    asked = world.ask("/v1/secrets")
    while world.fetching:
        missing = world.fetching[0].name == "/c"
        world.deliver(Failed(Kind.MISSING, "gone") if missing else value('{"user": "me"}'))
    assert asked.answer.status == 502
    assert json.loads(asked.answer.body)["detail"] == "C: gone"


def test_one_that_is_late_makes_all_late(world: Served) -> None:
    """504, with its name."""
    world.hold(world.sources[0], value('{"user": "me"}'))
    asked = world.ask("/v1/secrets")
    world.run_out_of_time()
    assert asked.answer.status == 504
    assert json.loads(asked.answer.body)["detail"].startswith("C: ")
