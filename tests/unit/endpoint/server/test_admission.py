"""The endpoint tells a reader's connection whether it has shown the token."""

import pytest

from extension.endpoint.responses.problem import Problem, Refused
from tests.fakes.heads import TOKEN_HEADER, head
from tests.fakes.served import Served
from tests.fakes.supplied import value

PATHS = ("/v1/secrets/A", "/v1/secrets", "/v1/status", "/ping", "/secretsmanager/get?secretId=a")
FULL = Refused(Problem(503, "busy", "there is no room"))


@pytest.fixture
def world() -> Served:
    """An endpoint that holds `A`."""
    world = Served(A="/a")
    world.hold(world.sources[0], value("one"))
    return world


@pytest.mark.parametrize("path", PATHS)
def test_a_request_with_the_token_is_admitted(world: Served, path: str) -> None:
    """Whether its path wants one or not."""
    assert world.ask(path).admitted


def test_a_request_whose_answer_is_kept_is_admitted(world: Served) -> None:
    """It may be the first of its connection."""
    world.ask("/v1/secrets/A")
    assert world.ask("/v1/secrets/A").admitted


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_request_without_the_token_is_not_admitted(
    world: Served, path: str, token: str | None
) -> None:
    """Even where it is answered."""
    assert not world.ask(path, {TOKEN_HEADER: token}).admitted


def test_the_status_is_told_by_who_asks(world: Served) -> None:
    """Names and messages are for those who have shown the token."""
    world.ask("/v1/status")
    world.ask("/v1/status", {TOKEN_HEADER: "wrong"})
    world.ask("/v1/status", {TOKEN_HEADER: None})
    assert world.status_askers == [True, False, False]


def test_request_with_the_token_is_refused_where_there_is_no_room(world: Served) -> None:
    """Though its answer is kept; and the connection ends."""
    world.ask("/v1/secrets/A")
    for path in ("/v1/secrets/A", "/ping"):
        asked = world.send(head(path), FULL)
        assert (asked.answer.status, asked.keep_alive) == (503, False)


def test_a_client_that_is_refused_for_want_of_room_has_read_nothing(world: Served) -> None:
    """No read is counted, and nothing is fetched."""
    world.send(head("/v1/secrets/A?refresh=true"), FULL)
    assert (world.reads, world.endpoint.reads) == (0, 0)
