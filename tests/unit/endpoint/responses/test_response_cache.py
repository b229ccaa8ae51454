"""The endpoint sends an answer again only while it would make the same."""

import pytest

from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from tests.fakes.heads import TOKEN, TOKEN_HEADER
from tests.fakes.served import Served
from tests.fakes.supplied import value


@pytest.fixture
def world() -> Served:
    """An endpoint whose `A` has been read once."""
    world = Served(A="/a")
    world.hold(world.sources[0], value("one"))
    world.ask("/v1/secrets/A")
    return world


def body(world: Served) -> bytes:
    """What another read of `A` gets."""
    return world.ask("/v1/secrets/A").answer.body


def test_a_new_version_is_answered_at_once(world: Served) -> None:
    """Within the same second."""
    world.hold(world.sources[0], value("two", "2"))
    assert body(world) == b"two"


def test_a_secret_that_was_revoked_is_refused_at_once(world: Served) -> None:
    """Within the same second."""
    world.hold(world.sources[0], Failed(Kind.DENIED, "no"))
    assert world.ask("/v1/secrets/A").answer.status == 502


def test_a_delivery_of_something_else_changes_nothing(world: Served) -> None:
    """The answer is found by the head alone, as the token shows, which is no longer accepted."""
    world.accepted = ["another"]
    world.hold(Parameter("/b"), value("two"))
    assert body(world) == b"one"


def test_another_token_is_looked_at(world: Served) -> None:
    """An answer is kept for whoever asked for it."""
    assert world.ask("/v1/secrets/A", {TOKEN_HEADER: "wrong"}).answer.status == 403


def test_a_token_that_is_no_longer_accepted_ends_with_its_second(world: Served) -> None:
    """As credentials rotate; until then the answer is found by the head alone."""
    world.accepted = ["another"]
    world.now += 0.9
    assert body(world) == b"one"
    world.now += 0.1
    assert world.ask("/v1/secrets/A", {TOKEN_HEADER: TOKEN}).answer.status == 403


def test_the_age_is_told_anew_each_second(world: Served) -> None:
    """From one to the next."""
    ages = []
    for _ in range(4):
        ages.append(world.ask("/v1/secrets/A").answer.fields.get("age"))
        world.now += 0.5
    assert ages == ["0", "0", "1", "1"]


def test_the_read_that_begins_a_refresh_is_not_missed(world: Served) -> None:
    """Even if it is a busy reader's, whose last answer is a moment old."""
    world.now += 239.9
    body(world)
    assert world.fetching == []
    world.now += 0.1
    assert body(world) == b"one"
    assert len(world.fetching) == 1


def test_ttl_of_zero_sends_every_read_upstream() -> None:
    """Nothing is kept for even a moment."""
    world = Served(ttl=0, A="/a")
    for text in ("one", "two"):
        asked = world.ask("/v1/secrets/A")
        world.deliver(value(text))
        assert asked.answer.body == text.encode()
