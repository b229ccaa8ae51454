"""A reader's connection: whose turn it is, and how long it may take."""

import socket
from collections.abc import Callable, Iterator

import pytest

from extension.endpoint.responses.problem import Problem
from extension.endpoint.server.client_connection import ClientConnection
from tests.fakes.hand_loop import HandLoop

PATIENCE = 10  # sweeps
FOR_EVER = 10_000  # sweeps
REQUEST = b"GET /%d HTTP/1.1\r\n\r\n"
ROOM = 100_000
"""Bytes of answers that the kernel may hold, and as much for keeping them."""


class Conversation:
    """A client and its reader, over a pair of sockets.

    Attributes:
        asked: The heads that the reader has passed on.
        replies: Answers the oldest request that waits, where `answers` is False.
        answers: Whether each request is answered at once, with its own head.
        client: The client's socket.
        reader: The reader.
        loop: What serves it.
        swept: Whether the reader has said that it wants to be; set it to have it swept regardless.
    """

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.replies: list[Callable[[bytes, bool], None]] = []
        self.answers = True
        self.loop = HandLoop()
        self.client, ours = socket.socketpair()
        self.client.setblocking(False)
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        self._closed = False
        self.swept = False
        self.reader = ClientConnection(
            self.loop,
            ours,
            self._answer,
            self._refuse,
            self._note_token,
            self._note_end,
            self._want_sweeps,
        )

    def _answer(
        self, head: bytes, reply: Callable[[bytes, bool], None], _: Callable[[], None]
    ) -> None:
        self.asked.append(head)
        if self.answers:
            reply(b"<%b>" % head, True)
        else:
            self.replies.append(reply)

    def _refuse(self, head: bytes, why: Problem, reply: Callable[[bytes, bool], None]) -> None:
        reply(b"HTTP/1.1 %d <%b>" % (why.status, head), False)

    def _want_sweeps(self) -> None:
        self.swept = True

    def _note_token(self, _: ClientConnection) -> None:
        raise AssertionError("nobody has shown a token")

    def _note_end(self, _: ClientConnection) -> None:
        self._closed = True

    def is_open(self) -> bool:
        """Whether the endpoint has not closed its side."""
        return not self._closed

    def send(self, data: bytes) -> None:
        """Send bytes, and let the endpoint do what it can."""
        self.client.sendall(data)
        self.loop.settle()

    def received(self) -> bytes:
        """What has come; empty where nothing has, or nothing will."""
        try:
            return self.client.recv(1 << 20)
        except BlockingIOError:
            return b""

    def sweep(self, times: int) -> None:
        """Let so many seconds pass."""
        for _ in range(times):
            if self.swept:
                self.reader.sweep()
                self.loop.settle()


@pytest.fixture
def talk() -> Iterator[Conversation]:
    """A client that has connected."""
    conversation = Conversation()
    yield conversation
    conversation.reader.close()
    conversation.client.close()


@pytest.mark.parametrize("sent", [b"G", b"GET / HTTP/1.1\r\nX: ", REQUEST % 1 + b"G"])
def test_a_head_that_does_not_become_whole_is_given_up(talk: Conversation, sent: bytes) -> None:
    """Ten sweeps after its first byte, with the reason."""
    talk.send(sent)
    talk.received()
    talk.sweep(PATIENCE)
    assert talk.received() == b""
    talk.sweep(1)
    assert talk.received() == b"HTTP/1.1 408 <%b>" % sent.removeprefix(REQUEST % 1)
    talk.sweep(2)
    assert not talk.is_open()


def test_a_head_that_goes_on_buys_no_time(talk: Conversation) -> None:
    """Or it could be sent for ever."""
    for _ in range(PATIENCE + 1):
        talk.send(b"x")
        talk.sweep(1)
    assert talk.received().startswith(b"HTTP/1.1 408 ")


def test_between_requests_a_client_may_be_quiet_for_ever(talk: Conversation) -> None:
    """Its pool keeps connections while its environment is frozen; others may be slow meanwhile."""
    talk.swept = True
    talk.sweep(FOR_EVER)
    talk.send(REQUEST % 1)
    talk.sweep(FOR_EVER)
    talk.send(REQUEST % 2)
    assert (len(talk.asked), talk.is_open()) == (2, True)


def test_a_quick_client_wants_no_sweeps(talk: Conversation) -> None:
    """The endpoint sleeps between its requests; one that arrives in pieces does."""
    for _ in range(3):
        talk.send(REQUEST % 1)
    assert not talk.swept
    talk.send(b"G")
    assert talk.swept


def test_a_head_after_a_long_pause_has_all_its_time(talk: Conversation) -> None:
    """It begins with its first byte."""
    talk.swept = True
    talk.sweep(FOR_EVER)
    talk.send(b"GET / HTTP/1.1\r\n")
    talk.sweep(PATIENCE)
    talk.send(b"\r\n")
    assert talk.received() == b"<GET / HTTP/1.1>"


def test_a_client_that_waits_for_an_answer_is_not_given_up(talk: Conversation) -> None:
    """It is the endpoint that is slow; what was sent ahead has all its time afterwards."""
    talk.answers = False
    talk.send(REQUEST % 1 + b"GET /2 HTTP/1.1\r\n")
    talk.sweep(3 * PATIENCE)
    talk.replies.pop()(b"answer", True)
    talk.sweep(PATIENCE)
    assert talk.received() == b"answer"
    talk.send(b"\r\n")
    assert len(talk.replies) == 1


def test_a_client_that_takes_nothing_of_an_answer_is_given_up(talk: Conversation) -> None:
    """It may have died, and the answer is held for it."""
    talk.answers = False
    talk.send(REQUEST % 1)
    talk.replies.pop()(b"x" * (1 << 24), True)
    talk.sweep(PATIENCE)
    assert talk.is_open()
    talk.sweep(1)
    assert not talk.is_open()


def test_a_client_that_sends_ahead_and_takes_nothing_is_given_up(talk: Conversation) -> None:
    """With as much answered as there is room for."""
    talk.send(REQUEST % 1 * 500)
    assert 0 < len(talk.asked) < 500
    talk.sweep(PATIENCE)
    assert talk.is_open()
    talk.sweep(1)
    assert not talk.is_open()


def test_a_client_that_takes_an_answer_slowly_gets_it_whole(talk: Conversation) -> None:
    """A little within each ten sweeps."""
    talk.answers = False
    talk.send(REQUEST % 1)
    talk.replies.pop()(b"x" * (1 << 22), True)
    taken = 0
    while taken < 1 << 22:
        talk.sweep(PATIENCE)
        part = len(talk.received())
        assert part, "it was given up"
        taken += part
        talk.loop.settle()
    assert talk.is_open()


def test_a_connection_is_closed_after_its_last_answer(talk: Conversation) -> None:
    """With a moment for the client to close it first, so that the answer is not lost."""
    talk.answers = False
    talk.send(REQUEST % 1)
    talk.replies.pop()(b"last", False)
    talk.sweep(1)
    assert talk.is_open()
    talk.sweep(1)
    assert not talk.is_open()
    assert talk.received() == b"last"


@pytest.mark.parametrize(("authenticated", "share"), [(True, 8), (False, 1)])
def test_requests_sent_ahead_let_others_have_their_turn(
    talk: Conversation, authenticated: bool, share: int
) -> None:
    """A few in each turn of the loop, however many there are; one, where no token was shown."""
    talk.reader.authenticated = authenticated
    requests = b"".join(REQUEST % number for number in range(100))
    talk.client.sendall(requests)
    shares: list[int] = []
    answers = b""
    while talk.loop.turn():
        shares.append(len(talk.asked) - sum(shares))
        answers += talk.received()
    assert (sum(shares), max(shares)) == (100, share)
    assert answers.replace(b"<", b"").replace(b">", b"\r\n\r\n") == requests


def test_pipelined_requests_are_owed_a_response(talk: Conversation) -> None:
    """Though others have their turn first; the endpoint does not end before."""
    talk.client.sendall(REQUEST % 1 * 9)
    talk.loop.turn()
    assert not talk.reader.idle
    talk.loop.settle()
    assert talk.reader.idle


def test_a_client_that_sends_no_more_is_answered_all_that_was_asked(talk: Conversation) -> None:
    """However much was sent ahead; then the connection ends."""
    talk.client.sendall(b"".join(REQUEST % number for number in range(50)))
    talk.client.shutdown(socket.SHUT_WR)
    talk.loop.settle()
    assert talk.received().count(b">") == 50
    assert not talk.is_open()


@pytest.mark.parametrize("end", [b"\n", b"\r\n\n", b"\n\r\n"])
def test_a_line_that_ends_with_lf_alone_ends_the_waiting(talk: Conversation, end: bytes) -> None:
    """No more bytes could make it a head."""
    talk.send(b"GET /ping HTTP/1.1" + end)
    assert talk.asked == [b"GET /ping HTTP/1.1" + end]


def test_a_line_s_end_may_come_in_two_pieces(talk: Conversation) -> None:
    """CR first."""
    talk.send(b"GET /ping HTTP/1.1\r")
    talk.send(b"\n\r")
    talk.send(b"\n")
    assert talk.received() == b"<GET /ping HTTP/1.1>"
