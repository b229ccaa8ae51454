"""The server: who is let in, who has to make room, who is told to come again."""

import errno
import os
from collections.abc import Iterator

import pytest

from tests.fakes.server_fixture import (
    ANONYMOUS,
    MOST,
    REQUEST,
    ServerFixture,
    has_heard_nothing,
    received_by_the_first_to_end,
)

HALF = REQUEST[:-2]
LARGE = b"answer" * (1 << 18)
"""More than the sockets between the two can hold."""
GIVEN_UP = 10
"""Seconds after which who takes nothing is given up."""


@pytest.fixture
def fixture() -> Iterator[ServerFixture]:
    """A server with nobody there yet."""
    fixture = ServerFixture()
    yield fixture
    fixture.close()


def test_everybody_is_served_while_there_is_room(fixture: ServerFixture) -> None:
    """Three of them."""
    assert [fixture.received(fixture.connect(REQUEST)) for _ in range(MOST)] == ["answer"] * MOST


@pytest.mark.parametrize("then", [b"", HALF])
def test_a_newcomer_takes_the_place_of_one_that_is_quiet(
    fixture: ServerFixture, then: bytes
) -> None:
    """For more than a second: of the one that came first, where all were so for as long."""
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    assert {fixture.received(client) for client in clients} == {"answer"}
    for client in clients:
        fixture.send(client, then)
    fixture.loop.settle()
    fixture.pass_seconds(1)
    assert fixture.received(fixture.connect(REQUEST)) == "HTTP/1.1 503"
    fixture.pass_seconds(1)
    assert fixture.received(fixture.connect(REQUEST)) == "answer"
    assert fixture.received(clients[0]) == "the end"
    assert all(has_heard_nothing(client) for client in clients[1:])


@pytest.mark.parametrize("first", [b"", HALF, ANONYMOUS])
def test_a_client_that_has_not_shown_the_token_makes_room_at_once(
    fixture: ServerFixture, first: bytes
) -> None:
    """However active it is: of several, the one that came first."""
    crowd = [fixture.connect(first) for _ in range(MOST)]
    readers = [fixture.connect(REQUEST) for _ in range(MOST)]
    assert [fixture.received(reader) for reader in readers] == ["answer"] * MOST
    if first == ANONYMOUS:
        assert [fixture.received(client) for client in crowd] == ["answer"] * MOST
    assert fixture.received(crowd[0]) == "the end"


def test_a_crowd_without_the_token_takes_no_reader_s_place(fixture: ServerFixture) -> None:
    """Though it keeps coming, and all readers have been quiet for long."""
    readers = [fixture.connect(REQUEST) for _ in range(MOST)]
    assert [fixture.received(reader) for reader in readers] == ["answer"] * MOST
    fixture.pass_seconds(60)
    assert [fixture.received(fixture.connect(ANONYMOUS)) for _ in range(10 * MOST)] == [
        "answer"
    ] * 10 * MOST
    assert all(has_heard_nothing(reader) for reader in readers)


def test_a_client_that_has_been_answered_without_the_token_makes_room_first(
    fixture: ServerFixture,
) -> None:
    """Rather than one that may yet show it, and came earlier."""
    silent, half = fixture.connect(), fixture.connect(HALF)
    pinging = fixture.connect(ANONYMOUS)
    assert fixture.received(pinging) == "answer"
    assert fixture.received(fixture.connect(REQUEST)) == "answer"
    assert fixture.received(pinging) == "the end"
    assert has_heard_nothing(silent)
    assert has_heard_nothing(half)


def test_a_client_that_has_just_sent_the_token_is_not_closed(fixture: ServerFixture) -> None:
    """Though the server reads it only when the place is needed."""
    reader, *others = [fixture.connect() for _ in range(MOST)]
    fixture.send(reader, REQUEST)
    fixture.server._accept_one()
    assert fixture.received(reader) == "answer"
    assert all(has_heard_nothing(client) for client in others)


def test_a_client_keeps_the_last_descriptor_while_nobody_waits(
    fixture: ServerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it has sent nothing yet, and the server looks whether more clients have come."""
    monkeypatch.setattr(os, "sysconf", {"SC_OPEN_MAX": 2 * MOST}.__getitem__)
    readers = [fixture.connect(REQUEST) for _ in range(MOST - 1)]
    assert [fixture.received(reader) for reader in readers] == ["answer"] * (MOST - 1)
    last = fixture.connect()
    assert has_heard_nothing(last)
    fixture.send(last, REQUEST)
    assert fixture.received(last) == "answer"


def test_a_client_that_takes_nothing_of_an_answer_without_the_token_makes_room(
    fixture: ServerFixture,
) -> None:
    """At once, with the answer on its way."""
    fixture.says = LARGE
    for _ in range(MOST):
        fixture.connect(ANONYMOUS)
    fixture.says = b"answer"
    assert fixture.received(fixture.connect(REQUEST)) == "answer"


def test_a_client_that_shows_the_token_where_all_are_active_is_told_to_come_again(
    fixture: ServerFixture,
) -> None:
    """Though it was let in before without it; who does not show it is served on."""
    fixture.hold = True
    late, anonymous = fixture.connect(), fixture.connect()
    for _ in range(MOST):
        fixture.connect(REQUEST)
    fixture.hold = False
    fixture.send(late, REQUEST)
    fixture.send(anonymous, ANONYMOUS)
    assert fixture.received(late) == "HTTP/1.1 503"
    assert fixture.received(anonymous) == "answer"
    for reply in fixture.waiting:
        reply(b"answer", True)


def test_the_quietest_makes_room(fixture: ServerFixture) -> None:
    """And not the one that came first."""
    first, second, third = (fixture.connect(REQUEST) for _ in range(MOST))
    for client in (first, second, third):
        fixture.received(client)
    fixture.pass_seconds(2)
    for client in (first, third):
        fixture.send(client, REQUEST)
    fixture.loop.settle()
    fixture.pass_seconds(2)
    fixture.connect(REQUEST)
    heard = [fixture.received(client) for client in (first, second, third)]
    assert heard == ["answer", "the end", "answer"]


def test_a_client_that_takes_nothing_of_an_answer_makes_room(fixture: ServerFixture) -> None:
    """As one that is quiet does, and before it is given up."""
    fixture.says = LARGE
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    fixture.pass_seconds(1)
    assert fixture.received(fixture.connect(REQUEST)) == "HTTP/1.1 503"
    fixture.says = b"answer"
    assert fixture.seconds_until_served() < GIVEN_UP
    assert LARGE.startswith(taken := received_by_the_first_to_end(clients))
    assert len(taken) < len(LARGE)


def test_a_buffer_that_grows_by_itself_keeps_nobody_s_place(fixture: ServerFixture) -> None:
    """A newcomer is served though the kernel takes a little more for each who takes nothing."""
    fixture.says = LARGE
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    fixture.pass_seconds(2)
    for client in clients:
        fixture.widen(client)
    fixture.says = b"answer"
    assert fixture.received(fixture.connect(REQUEST)) == "answer"


def test_a_crowd_that_comes_at_once_is_let_in_at_once(fixture: ServerFixture) -> None:
    """Or a reader would wait behind it while those before it are served."""
    clients = [fixture.knock() for _ in range(10 * MOST)]
    fixture.server._accept(0)
    assert len(fixture.listener.accepted) == len(clients)


def test_a_client_that_takes_an_answer_slowly_keeps_its_place(fixture: ServerFixture) -> None:
    """Even if a newcomer comes before the endpoint has seen that some was taken."""
    fixture.says = LARGE
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    fixture.pass_seconds(2)
    newcomer = fixture.knock()
    for client in clients:
        fixture.take_some(client)
    fixture.send(newcomer, REQUEST)
    assert fixture.received(newcomer) == "HTTP/1.1 503"


def test_newcomer_is_told_to_come_again_where_all_are_active(fixture: ServerFixture) -> None:
    """And nobody has to go for it."""
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    assert [fixture.received(fixture.connect(REQUEST)) for _ in range(10)] == ["HTTP/1.1 503"] * 10
    assert [fixture.received(client) for client in clients] == ["answer"] * MOST


def test_newcomer_is_told_to_come_again_where_all_wait_for_responses(
    fixture: ServerFixture,
) -> None:
    """However long they have waited."""
    fixture.hold = True
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    fixture.pass_seconds(60)
    assert fixture.received(fixture.connect(REQUEST)) == "HTTP/1.1 503"
    for reply in fixture.waiting:
        reply(b"answer", True)
    assert [fixture.received(client) for client in clients] == ["answer"] * MOST


@pytest.mark.parametrize("begun", [b"", HALF])
def test_a_client_that_has_just_asked_something_does_not_make_room(
    fixture: ServerFixture, begun: bytes
) -> None:
    """It is read only now, as after a freeze, and has to wait; the next one goes in its place."""
    clients = [fixture.connect(REQUEST) for _ in range(MOST)]
    assert {fixture.received(client) for client in clients} == {"answer"}
    for client in clients:
        fixture.send(client, begun)
    fixture.loop.settle()
    fixture.pass_seconds(2)
    fixture.hold = True
    newcomer = fixture.connect()
    fixture.send(newcomer, REQUEST)
    fixture.send(clients[0], REQUEST.removeprefix(begun))
    fixture.admit_first(newcomer)
    fixture.waiting.pop()(b"answer", True)
    fixture.waiting.pop()(b"answer", True)
    assert [fixture.received(client) for client in clients[:2]] == ["answer", "the end"]
    assert has_heard_nothing(clients[2])
    assert fixture.received(newcomer) == "answer"


def test_a_client_that_has_had_its_last_answer_makes_room_at_once(fixture: ServerFixture) -> None:
    """Though it does not close its side, as a client that forgets its connections."""
    fixture.ends = True
    clients = [fixture.connect(REQUEST) for _ in range(10 * MOST)]
    assert [fixture.received(client) for client in clients] == ["answer"] * 10 * MOST


@pytest.mark.parametrize("reason", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_loop_rests_where_no_connection_can_be_accepted(
    fixture: ServerFixture, reason: int
) -> None:
    """Rather than spin while somebody waits; a moment later it tries again."""
    fixture.listener.failures.append(reason)
    client = fixture.connect(REQUEST)
    assert not fixture.loop.turn()
    assert has_heard_nothing(client)
    fixture.pass_seconds(1)
    assert fixture.received(client) == "answer"


@pytest.mark.parametrize("reason", [errno.EAGAIN, errno.ECONNABORTED])
def test_a_client_that_is_gone_before_it_is_let_in_keeps_nobody_waiting(
    fixture: ServerFixture, reason: int
) -> None:
    """The next is accepted at once."""
    fixture.listener.failures.append(reason)
    assert fixture.received(fixture.connect(REQUEST)) == "answer"


def test_shutdown_waits_for_no_client_that_is_gone(fixture: ServerFixture) -> None:
    """Those behind it have connected in time."""
    client = fixture.knock()
    fixture.send(client, REQUEST)
    fixture.listener.failures.append(errno.ECONNABORTED)
    assert fixture.server.drain()
    assert fixture.received(client) == "answer"


def test_the_end_may_come_while_accepting_rests(fixture: ServerFixture) -> None:
    """There is nothing to go on with then."""
    fixture.listener.failures.append(errno.EMFILE)
    fixture.connect()
    assert fixture.server.drain()
    fixture.pass_seconds(1)
    assert fixture.listener.fileno() < 0


def test_shutdown_owes_nothing_to_a_client_that_has_not_asked(fixture: ServerFixture) -> None:
    """Or has asked only part of something."""
    fixture.connect()
    fixture.connect(HALF)
    assert fixture.server.drain()


@pytest.mark.parametrize("inside", [True, False])
def test_shutdown_owes_an_answer_to_a_client_that_has_asked(
    fixture: ServerFixture, inside: bool
) -> None:
    """Though the loop has not heard of it yet, nor even of the connection."""
    fixture.hold = True
    client = fixture.connect() if inside else fixture.knock()
    fixture.send(client, REQUEST)
    assert not fixture.server.drain()
    fixture.waiting.pop()(b"answer", True)
    assert fixture.server.drain()
    assert fixture.received(client) == "answer"


def test_shutdown_closes_clients_that_are_owed_nothing(fixture: ServerFixture) -> None:
    """For those who have connected, and could not be accepted."""
    served = fixture.connect(REQUEST)
    assert fixture.received(served) == "answer"
    client = fixture.knock()
    fixture.send(client, REQUEST)
    fixture.listener.failures.append(errno.EMFILE)
    assert not fixture.server.drain()
    assert fixture.received(served) == "the end"
    assert fixture.server.drain()
    assert fixture.received(client) == "answer"


def test_shutdown_answers_more_clients_than_there_is_room_for(fixture: ServerFixture) -> None:
    """Of whom the server has not heard before; each that had its answer makes room for others."""
    clients = [fixture.knock() for _ in range(10 * MOST)]
    for client in clients:
        fixture.send(client, REQUEST)
    while not fixture.server.drain():
        pass
    assert [fixture.received(client) for client in clients] == ["answer"] * 10 * MOST


def test_shutdown_takes_the_listener_off_the_loop(fixture: ServerFixture) -> None:
    """Nor when a pause that began before is over."""
    fixture.listener.failures += [errno.EMFILE, errno.EMFILE]
    client = fixture.knock()
    fixture.loop.settle()
    assert not fixture.server.drain()
    fixture.pass_seconds(1)
    assert has_heard_nothing(client)


def test_sweep_closes_no_connection_where_none_is_slow(fixture: ServerFixture) -> None:
    """An endpoint that nobody uses does nothing, nor one with a quick reader."""
    fixture.connect(REQUEST)
    assert not fixture.loop.has_timers


def test_sweeping_ends_with_the_last_who_is_slow(fixture: ServerFixture) -> None:
    """Even if that one has left."""
    fixture.leave(fixture.connect(HALF))
    assert fixture.loop.has_timers
    fixture.pass_seconds(1)
    assert not fixture.loop.has_timers


def test_sweeping_begins_anew_with_the_next_who_is_slow(fixture: ServerFixture) -> None:
    """Though the sweeping for the first has ended."""
    fixture.leave(fixture.connect(HALF))
    fixture.pass_seconds(1)
    half = fixture.connect(HALF)
    fixture.pass_seconds(11)
    assert fixture.received(half) == "HTTP/1.1 408"
