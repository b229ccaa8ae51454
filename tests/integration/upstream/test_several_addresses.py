"""A host with several addresses is reached by the one that answers, within one attempt's time."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from extension.http.address import Address
from extension.http.client.address_history import AddressHistory
from extension.http.client.channel import advance, complete
from extension.http.client.connection import Connection
from extension.http.client.trust_store import TrustStore
from extension.http.failure import Failed, Kind, UpstreamError
from extension.http.messages import Request
from tests.fakes.certificates import Authority
from tests.fakes.silent_address import silent
from tests.integration.known_lookup import HOST, KnownLookup, target
from tests.patience import PATIENCE

SHORT = 0.1  # seconds: for what never comes; less than the first address has for itself
LONGER = 1.0  # seconds: for what never comes while several addresses are tried
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
FIRST, SECOND, THIRD = "127.0.0.2", "127.0.0.3", "127.0.0.4"


@contextmanager
def listening(address: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens at an address of the loopback network."""
    family = target(address, port)[0]
    with socket.create_server((address, port), family=family) as listener:
        listener.settimeout(PATIENCE)
        yield listener


@contextmanager
def answering(
    address: str, port: int, tls: ssl.SSLContext | None = None, *, answers: bool = True
) -> Iterator[None]:
    """An address with a server that says its address, or that takes requests and says nothing."""

    def serve() -> None:
        with suppress(OSError), ExitStack() as connections:
            while True:
                here = connections.enter_context(listener.accept()[0])
                if tls is not None:
                    here = connections.enter_context(tls.wrap_socket(here, server_side=True))
                here.recv(65536)
                if answers:
                    here.sendall(ANSWER + f"{address[-1]}\n".encode())

    with listening(address, port) as listener:
        serving = threading.Thread(target=serve)
        serving.start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


@pytest.fixture
def port() -> int:
    """A port that is free at every address of the loopback network."""
    with socket.create_server(("", 0)) as anywhere:
        free: int = anywhere.getsockname()[1]
        return free


class Host:
    """A host with addresses, at one port.

    Args:
        port: The port.
        addresses: Its addresses.
        bundle: Whom to trust; None for a host in the clear.
    """

    def __init__(self, port: int, *addresses: str, bundle: Path | None = None) -> None:
        self._address = Address(HOST, port, secure=bundle is not None)
        self._trust = TrustStore([str(bundle)]) if bundle else None
        self.targets = [target(each, port) for each in addresses]
        self.history = AddressHistory()

    def connection(self) -> Connection:
        """A connection that has looked the host up."""
        connection = Connection(self._address, self._trust, self.history)
        connection._connector._lookup = KnownLookup(self.targets)
        return connection

    def ask(self, seconds: float = PATIENCE) -> str:
        """Ask on a new connection; the end of the address that has answered."""
        with closing(self.connection()) as connection:
            connection.send(self.request, time.monotonic() + seconds)
            return connection.receive(time.monotonic() + seconds).body.decode().strip()

    def failure(self, seconds: float = PATIENCE) -> Failed:
        """Ask in vain."""
        with pytest.raises(UpstreamError) as failed:
            self.ask(seconds)
        return failed.value.failed

    @property
    def request(self) -> Request:
        """What is asked."""
        return Request("GET", "/", (("Host", self._address.authority),))


def test_the_first_address_is_asked_where_it_answers(port: int) -> None:
    """Nobody connects to the second."""
    with answering(FIRST, port), listening(SECOND, port) as second:
        assert Host(port, FIRST, SECOND).ask() == "2"
        second.setblocking(False)
        with pytest.raises(BlockingIOError):
            second.accept()


@pytest.mark.parametrize(
    ("quiet", "answers"), [(FIRST, SECOND), (FIRST, "::1"), ("::1", FIRST)], ids=str
)
def test_a_silent_address_does_not_hide_the_next(port: int, quiet: str, answers: str) -> None:
    """A dead interface of a VPC endpoint, or a network that only one family leads out of."""
    with silent(quiet, port), answering(answers, port):
        assert Host(port, quiet, answers).ask() == answers[-1]


def test_addresses_that_refuse_or_say_nothing_are_passed_by(port: int) -> None:
    """However many."""
    with silent(SECOND, port), answering(THIRD, port):
        assert Host(port, FIRST, SECOND, THIRD).ask() == "4"


def test_the_address_that_answered_is_remembered(port: int) -> None:
    """A silent one is waited for once, and not by any connection after that."""
    host = Host(port, FIRST, SECOND)
    with answering(SECOND, port):
        with silent(FIRST, port):
            assert host.ask() == "3"
        with answering(FIRST, port):
            assert host.ask() == "3"


def test_the_address_that_answered_is_forgotten_when_it_fails(port: int) -> None:
    """It is tried again after the others."""
    host = Host(port, FIRST, SECOND)
    with silent(FIRST, port), answering(SECOND, port):
        assert host.ask() == "3"
    with answering(FIRST, port):
        assert host.ask() == "2"
    assert host.history.in_order(host.targets) == host.targets


def test_next_attempt_begins_with_another_address_after_a_timeout(
    port: int,
) -> None:
    """`WARMKEY_UPSTREAM_TIMEOUT_MILLIS` may be less than one address has for itself."""
    host = Host(port, FIRST, SECOND)
    with silent(FIRST, port), listening(SECOND, port) as second:
        assert host.failure(SHORT).kind == Kind.TIMEOUT
        with closing(host.connection()) as connection:
            connection.send(host.request, time.monotonic() + PATIENCE)
            second.accept()[0].close()
            assert host.history.in_order(host.targets)[0] == host.targets[1]


def test_an_address_that_takes_requests_and_does_not_answer_is_tried_last(port: int) -> None:
    """The next attempt goes to the other one."""
    host = Host(port, FIRST, SECOND)
    with answering(FIRST, port, answers=False), answering(SECOND, port):
        with closing(host.connection()) as connection:
            connection.send(host.request, time.monotonic() + PATIENCE)
            with pytest.raises(UpstreamError):
                connection.receive(time.monotonic() + SHORT)
        assert host.ask() == "3"


def test_an_address_that_speaks_no_tls_does_not_hide_the_next(port: int, tmp_path: Path) -> None:
    """It lets itself be connected with, and says nothing more."""
    certificate = Authority(tmp_path).issue(HOST)
    host = Host(port, FIRST, SECOND, bundle=certificate.bundle)
    with listening(FIRST, port), answering(SECOND, port, certificate.server_context()):
        assert host.ask() == "3"
        assert host.history.in_order(host.targets)[0] == host.targets[1]


def test_an_address_with_a_wrong_certificate_does_not_hide_the_next(
    port: int, tmp_path: Path
) -> None:
    """Somebody else may have taken it over."""
    authority = Authority(tmp_path)
    good, wrong = authority.issue(HOST), authority.issue("other.example")
    host = Host(port, FIRST, SECOND, bundle=authority.bundle)
    with (
        answering(FIRST, port, wrong.server_context()),
        answering(SECOND, port, good.server_context()),
    ):
        assert host.ask() == "3"


@pytest.mark.parametrize("others", ["silent", "refusing"])
def test_a_wrong_certificate_is_told_of_before_all_else(
    port: int, tmp_path: Path, others: str
) -> None:
    """That another address can't be reached says less, and did not stop anything."""
    wrong = Authority(tmp_path).issue("other.example")
    host = Host(port, FIRST, SECOND, bundle=wrong.bundle)
    with ExitStack() as stack:
        if others == "silent":
            stack.enter_context(silent(FIRST, port))
        stack.enter_context(answering(SECOND, port, wrong.server_context()))
        failed = host.failure(LONGER)
    assert failed.kind == Kind.UNTRUSTED
    assert "Hostname mismatch" in failed.detail


def test_timeout_of_every_address_is_reported(port: int) -> None:
    """Rather than that the network has no way to one of another family."""
    host = Host(port, FIRST, "2001:db8::1")
    with silent(FIRST, port):
        failed = host.failure(LONGER)
    assert (failed.kind, failed.detail) == (Kind.TIMEOUT, f"{HOST}:{port} did not answer in time")


def test_refusal_of_every_address_is_reported(port: int) -> None:
    """At once."""
    assert Host(port, FIRST, SECOND).failure().detail == f"{HOST}:{port}: Connection refused"


def test_one_thread_opens_several_connections_past_silent_addresses(port: int) -> None:
    """Side by side."""
    host = Host(port, FIRST, SECOND)
    connections = [host.connection() for _ in range(4)]
    with silent(FIRST, port), answering(SECOND, port):
        sending = [each.sending(host.request) for each in connections]
        assert complete(sending, time.monotonic() + PATIENCE) == [None] * 4
        for each in connections:
            each.close()


def test_addresses_that_a_start_has_no_time_for_are_left_to_a_worker(port: int) -> None:
    """The race goes on where it stopped."""
    host = Host(port, FIRST, SECOND)
    with (
        silent(FIRST, port),
        answering(SECOND, port),
        closing(host.connection()) as connection,
    ):
        (left,) = advance([connection.sending(host.request)], time.monotonic() + SHORT)
        assert left is not None
        assert not isinstance(left, Exception)
        connection.finish(left, time.monotonic() + PATIENCE)
        assert connection.receive(time.monotonic() + PATIENCE).body == b"3\n"


def sockets() -> list[str]:
    """The open ones."""
    each_one = list(Path("/proc/self/fd").iterdir())
    links = [str(each.readlink()) for each in each_one if each.is_symlink()]
    return sorted(link for link in links if link.startswith("socket:"))


def test_the_attempt_that_lost_leaves_no_socket_open(port: int) -> None:
    """As soon as another has won."""
    host = Host(port, FIRST, SECOND)
    with silent(FIRST, port), listening(SECOND, port), closing(host.connection()) as connection:
        before = sockets()
        connection.send(host.request, time.monotonic() + PATIENCE)
        assert len(sockets()) == len(before) + 1


def test_attempts_that_are_late_leave_no_socket_open(port: int) -> None:
    """However many there are."""
    host = Host(port, FIRST, SECOND)
    with silent(FIRST, port), silent(SECOND, port):
        before = sockets()
        assert host.failure(LONGER).kind == Kind.TIMEOUT
        assert sockets() == before
