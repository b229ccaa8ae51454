"""The endpoint answers even where Warmkey itself is at fault."""

import json

import pytest

from extension.sources.responses.outcome import Found
from tests.fakes.heads import head
from tests.fakes.served import Served
from tests.fakes.supplied import value

# Half a surrogate pair has no UTF-8; upstream doesn't send it, so it stands for any fault.
IMPOSSIBLE = Found("/a", "\ud800", "1", "String", "arn:a", 0)


def test_a_fault_is_answered_and_told() -> None:
    """500, without what it was about; the log has where."""
    world = Served(A="/a")
    world.hold(world.sources[0], IMPOSSIBLE)
    asked = world.ask("/v1/secrets/A")
    assert asked.answer.status == 500
    assert json.loads(asked.answer.body)["detail"].startswith("an internal error in Warmkey")
    assert asked.keep_alive is False
    assert [type(fault) for fault in world.faults] == [UnicodeEncodeError]


def test_a_fault_is_answered_to_who_has_waited() -> None:
    """Otherwise it would wait for ever."""
    world = Served(A="/a")
    asked = world.ask("/v1/secrets/A")
    world.deliver(IMPOSSIBLE)
    assert asked.answer.status == 500
    assert len(world.faults) == 1


@pytest.mark.parametrize("report", [IMPOSSIBLE.value, MemoryError()])
def test_a_fault_in_the_status_is_answered_and_told(report: str | Exception) -> None:
    """Whether in what it tells, or in telling it."""
    world = Served()
    world.report = report
    assert world.ask("/v1/status").answer.status == 500
    assert len(world.faults) == 1


def test_connection_ends_where_there_is_no_memory_for_an_error() -> None:
    """Nobody waits for an answer that there is no room for."""

    def tell(_fault: Exception) -> None:
        raise MemoryError

    world, ended = Served(A="/a"), list[tuple[bytes, bool]]()
    world.on_fault = tell
    world.hold(world.sources[0], IMPOSSIBLE)
    world.endpoint.handle(
        head("/v1/secrets/A", {}), lambda *answer: ended.append(answer), lambda: None
    )
    assert ended == [(b"", False)]


def test_a_fault_in_one_answer_leaves_the_others_be() -> None:
    """Those of the same source, and those of others that came with it."""
    world = Served(A="/a", B="/b")
    faulty, other = world.ask("/v1/secrets/A"), world.ask("/v1/secrets/A")
    good = world.ask("/v1/secrets/B")
    first, second = world.fetching
    world.supply.deliver({first: IMPOSSIBLE, second: value("b")}, world.pass_by())
    assert [asked.answer.status for asked in (faulty, other, good)] == [500, 500, 200]


def test_the_endpoint_goes_on_after_a_fault() -> None:
    """The next value is good."""
    world = Served(A="/a")
    world.hold(world.sources[0], IMPOSSIBLE)
    world.ask("/v1/secrets/A")
    world.hold(world.sources[0], value("one"))
    assert world.ask("/v1/secrets/A").answer.body == b"one"
