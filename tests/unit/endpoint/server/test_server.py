"""The server: who is let in, who has to make room, who is told to come again."""

import errno
from collections.abc import Iterator

import pytest

from tests.fakes.doors import (
    ANONYMOUS,
    MOST,
    REQUEST,
    Doors,
    has_heard_nothing,
    heard_by_the_first_to_end,
)

HALF = REQUEST[:-2]
LARGE = b"answer" * (1 << 18)
"""More than the sockets between the two can hold."""
GIVEN_UP = 10
"""Seconds after which who takes nothing is given up."""


@pytest.fixture
def doors() -> Iterator[Doors]:
    """A server with nobody there yet."""
    doors = Doors()
    yield doors
    doors.close()


def test_everybody_is_served_while_there_is_room(doors: Doors) -> None:
    """Three of them."""
    assert [doors.heard(doors.enter(REQUEST)) for _ in range(MOST)] == ["answer"] * MOST


@pytest.mark.parametrize("then", [b"", HALF])
def test_a_newcomer_takes_the_place_of_one_that_is_quiet(doors: Doors, then: bytes) -> None:
    """For more than a second: of the one that came first, where all were so for as long."""
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    assert {doors.heard(client) for client in clients} == {"answer"}
    for client in clients:
        doors.send(client, then)
    doors.loop.settle()
    doors.pass_seconds(1)
    assert doors.heard(doors.enter(REQUEST)) == "HTTP/1.1 503"
    doors.pass_seconds(1)
    assert doors.heard(doors.enter(REQUEST)) == "answer"
    assert doors.heard(clients[0]) == "the end"
    assert all(has_heard_nothing(client) for client in clients[1:])


@pytest.mark.parametrize("first", [b"", HALF, ANONYMOUS])
def test_who_has_not_shown_the_token_makes_room_at_once(doors: Doors, first: bytes) -> None:
    """However active it is: of several, the one that came first."""
    crowd = [doors.enter(first) for _ in range(MOST)]
    readers = [doors.enter(REQUEST) for _ in range(MOST)]
    assert [doors.heard(reader) for reader in readers] == ["answer"] * MOST
    if first == ANONYMOUS:
        assert [doors.heard(client) for client in crowd] == ["answer"] * MOST
    assert doors.heard(crowd[0]) == "the end"


def test_a_crowd_without_the_token_takes_no_reader_s_place(doors: Doors) -> None:
    """Though it keeps coming, and all readers have been quiet for long."""
    readers = [doors.enter(REQUEST) for _ in range(MOST)]
    assert [doors.heard(reader) for reader in readers] == ["answer"] * MOST
    doors.pass_seconds(60)
    assert [doors.heard(doors.enter(ANONYMOUS)) for _ in range(10 * MOST)] == ["answer"] * 10 * MOST
    assert all(has_heard_nothing(reader) for reader in readers)


def test_who_has_been_answered_without_the_token_makes_room_first(doors: Doors) -> None:
    """Rather than one that may yet show it, and came earlier."""
    silent, half = doors.enter(), doors.enter(HALF)
    pinging = doors.enter(ANONYMOUS)
    assert doors.heard(pinging) == "answer"
    assert doors.heard(doors.enter(REQUEST)) == "answer"
    assert doors.heard(pinging) == "the end"
    assert has_heard_nothing(silent)
    assert has_heard_nothing(half)


def test_who_has_just_sent_the_token_is_not_closed(doors: Doors) -> None:
    """Though the server reads it only when the place is needed."""
    reader, *others = [doors.enter() for _ in range(MOST)]
    doors.send(reader, REQUEST)
    doors.server._accept_one()
    assert doors.heard(reader) == "answer"
    assert all(has_heard_nothing(client) for client in others)


def test_who_takes_nothing_of_an_answer_without_the_token_makes_room(doors: Doors) -> None:
    """At once, with the answer on its way."""
    doors.says = LARGE
    for _ in range(MOST):
        doors.enter(ANONYMOUS)
    doors.says = b"answer"
    assert doors.heard(doors.enter(REQUEST)) == "answer"


def test_who_shows_the_token_where_all_are_active_is_told_to_come_again(doors: Doors) -> None:
    """Though it was let in before without it; who does not show it is served on."""
    doors.hold = True
    late, anonymous = doors.enter(), doors.enter()
    for _ in range(MOST):
        doors.enter(REQUEST)
    doors.hold = False
    doors.send(late, REQUEST)
    doors.send(anonymous, ANONYMOUS)
    assert doors.heard(late) == "HTTP/1.1 503"
    assert doors.heard(anonymous) == "answer"
    for reply in doors.waiting:
        reply(b"answer", True)


def test_the_quietest_makes_room(doors: Doors) -> None:
    """And not the one that came first."""
    first, second, third = (doors.enter(REQUEST) for _ in range(MOST))
    for client in (first, second, third):
        doors.heard(client)
    doors.pass_seconds(2)
    for client in (first, third):
        doors.send(client, REQUEST)
    doors.loop.settle()
    doors.pass_seconds(2)
    doors.enter(REQUEST)
    heard = [doors.heard(client) for client in (first, second, third)]
    assert heard == ["answer", "the end", "answer"]


def test_who_takes_nothing_of_an_answer_makes_room(doors: Doors) -> None:
    """As one that is quiet does, and before it is given up."""
    doors.says = LARGE
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    doors.pass_seconds(1)
    assert doors.heard(doors.enter(REQUEST)) == "HTTP/1.1 503"
    doors.says = b"answer"
    assert doors.seconds_until_served() < GIVEN_UP
    assert LARGE.startswith(taken := heard_by_the_first_to_end(clients))
    assert len(taken) < len(LARGE)


def test_who_takes_an_answer_slowly_keeps_its_place(doors: Doors) -> None:
    """Even if a newcomer comes before the endpoint has seen that some was taken."""
    doors.says = LARGE
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    doors.pass_seconds(2)
    newcomer = doors.knock()
    for client in clients:
        doors.take_some(client)
    doors.send(newcomer, REQUEST)
    assert doors.heard(newcomer) == "HTTP/1.1 503"


def test_where_all_are_active_a_newcomer_is_told_to_come_again(doors: Doors) -> None:
    """And nobody has to go for it."""
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    assert [doors.heard(doors.enter(REQUEST)) for _ in range(10)] == ["HTTP/1.1 503"] * 10
    assert [doors.heard(client) for client in clients] == ["answer"] * MOST


def test_where_all_wait_for_answers_a_newcomer_is_told_to_come_again(doors: Doors) -> None:
    """However long they have waited."""
    doors.hold = True
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    doors.pass_seconds(60)
    assert doors.heard(doors.enter(REQUEST)) == "HTTP/1.1 503"
    for reply in doors.waiting:
        reply(b"answer", True)
    assert [doors.heard(client) for client in clients] == ["answer"] * MOST


@pytest.mark.parametrize("begun", [b"", HALF])
def test_who_has_just_asked_something_does_not_make_room(doors: Doors, begun: bytes) -> None:
    """It is read only now, as after a freeze, and has to wait; the next one goes in its place."""
    clients = [doors.enter(REQUEST) for _ in range(MOST)]
    assert {doors.heard(client) for client in clients} == {"answer"}
    for client in clients:
        doors.send(client, begun)
    doors.loop.settle()
    doors.pass_seconds(2)
    doors.hold = True
    newcomer = doors.enter()
    doors.send(newcomer, REQUEST)
    doors.send(clients[0], REQUEST.removeprefix(begun))
    doors.admit_first(newcomer)
    doors.waiting.pop()(b"answer", True)
    doors.waiting.pop()(b"answer", True)
    assert [doors.heard(client) for client in clients[:2]] == ["answer", "the end"]
    assert has_heard_nothing(clients[2])
    assert doors.heard(newcomer) == "answer"


def test_who_has_had_its_last_answer_makes_room_at_once(doors: Doors) -> None:
    """Though it does not close its side, as a client that forgets its connections."""
    doors.ends = True
    clients = [doors.enter(REQUEST) for _ in range(10 * MOST)]
    assert [doors.heard(client) for client in clients] == ["answer"] * 10 * MOST


@pytest.mark.parametrize("reason", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_where_nobody_can_be_accepted_the_loop_rests(doors: Doors, reason: int) -> None:
    """Rather than spin while somebody waits; a moment later it tries again."""
    doors.listener.failures.append(reason)
    client = doors.enter(REQUEST)
    assert not doors.loop.turn()
    assert has_heard_nothing(client)
    doors.pass_seconds(1)
    assert doors.heard(client) == "answer"


@pytest.mark.parametrize("reason", [errno.EAGAIN, errno.ECONNABORTED])
def test_who_is_gone_before_it_is_let_in_keeps_nobody_waiting(doors: Doors, reason: int) -> None:
    """The next is accepted at once."""
    doors.listener.failures.append(reason)
    assert doors.heard(doors.enter(REQUEST)) == "answer"


def test_at_the_end_who_is_gone_keeps_nobody_outside(doors: Doors) -> None:
    """Those behind it have connected in time."""
    client = doors.knock()
    doors.send(client, REQUEST)
    doors.listener.failures.append(errno.ECONNABORTED)
    assert doors.server.drain()
    assert doors.heard(client) == "answer"


def test_the_end_may_come_while_accepting_rests(doors: Doors) -> None:
    """There is nothing to go on with then."""
    doors.listener.failures.append(errno.EMFILE)
    doors.enter()
    assert doors.server.drain()
    doors.pass_seconds(1)
    assert doors.listener.fileno() < 0


def test_at_the_end_who_has_not_asked_is_owed_nothing(doors: Doors) -> None:
    """Or has asked only part of something."""
    doors.enter()
    doors.enter(HALF)
    assert doors.server.drain()


@pytest.mark.parametrize("inside", [True, False])
def test_at_the_end_who_has_asked_is_owed_an_answer(doors: Doors, inside: bool) -> None:
    """Though the loop has not heard of it yet, nor even of the connection."""
    doors.hold = True
    client = doors.enter() if inside else doors.knock()
    doors.send(client, REQUEST)
    assert not doors.server.drain()
    doors.waiting.pop()(b"answer", True)
    assert doors.server.drain()
    assert doors.heard(client) == "answer"


def test_at_the_end_who_is_owed_nothing_makes_room(doors: Doors) -> None:
    """For those who have connected, and could not be accepted."""
    served = doors.enter(REQUEST)
    assert doors.heard(served) == "answer"
    client = doors.knock()
    doors.send(client, REQUEST)
    doors.listener.failures.append(errno.EMFILE)
    assert not doors.server.drain()
    assert doors.heard(served) == "the end"
    assert doors.server.drain()
    assert doors.heard(client) == "answer"


def test_at_the_end_more_than_there_is_room_for_are_answered(doors: Doors) -> None:
    """Of whom the server has not heard before; each that had its answer makes room for others."""
    clients = [doors.knock() for _ in range(10 * MOST)]
    for client in clients:
        doors.send(client, REQUEST)
    while not doors.server.drain():
        pass
    assert [doors.heard(client) for client in clients] == ["answer"] * 10 * MOST


def test_at_the_end_the_loop_does_not_look_for_newcomers(doors: Doors) -> None:
    """Nor when a pause that began before is over."""
    doors.listener.failures += [errno.EMFILE, errno.EMFILE]
    client = doors.knock()
    doors.loop.settle()
    assert not doors.server.drain()
    doors.pass_seconds(1)
    assert has_heard_nothing(client)


def test_where_nobody_is_slow_nobody_is_swept(doors: Doors) -> None:
    """An endpoint that nobody uses does nothing, nor one with a quick reader."""
    doors.enter(REQUEST)
    assert not doors.loop.has_timers


def test_sweeping_ends_with_the_last_who_is_slow(doors: Doors) -> None:
    """Even if that one has left."""
    doors.leave(doors.enter(HALF))
    assert doors.loop.has_timers
    doors.pass_seconds(1)
    assert not doors.loop.has_timers


def test_sweeping_begins_anew_with_the_next_who_is_slow(doors: Doors) -> None:
    """Though the sweeping for the first has ended."""
    doors.leave(doors.enter(HALF))
    doors.pass_seconds(1)
    half = doors.enter(HALF)
    doors.pass_seconds(11)
    assert doors.heard(half) == "HTTP/1.1 408"
