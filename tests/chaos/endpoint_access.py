"""Requests from those who may not ask."""

from itertools import count
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.endpoint_heads import refused
from tests.chaos.endpoint_world import KEY, disturbed
from tests.fakes.heads import TOKEN_HEADER
from tests.integration.raw_client import RawClient

_BAD_TOKENS = 2_000


def _wrong_hosts(layer: Path) -> str:
    hosts = ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.1", "[::2]"]
    hosts += ["localhost.", "2130706433", "0x7f.1", "localhost:a", "127.0.0.1:80:80", ""]
    with disturbed(layer) as daemon:
        good = daemon.request(KEY)
        named = f"127.0.0.1:{daemon.port}".encode()
        refused(daemon, (good.replace(named, each.encode(), 1) for each in hosts), 403)
        line = b"Host: %b\r\n" % named
        refused(daemon, (good.replace(line, b"", 1), good.replace(line, 2 * line, 1)), 400)
    return "403, or 400 where there is no Host or two; others unharmed"


def _forwarded(layer: Path) -> str:
    lines = ["X-Forwarded-For: 127.0.0.1", "x-forwarded-FOR:", "Forwarded: for=127.0.0.1", "Via: x"]
    with disturbed(layer) as daemon:
        refused(daemon, (daemon.request(KEY, line) for line in lines), 403)
        refused(daemon, (daemon.request("/ping", line) for line in lines), 403)
    return "403, token or not; others unharmed"


def _bad_tokens(layer: Path) -> str:
    """Each on a connection of its own, as the endpoint ends those of the others."""
    with disturbed(layer) as daemon:
        good = daemon.token
        near = (good[:-1], good + "x", good.swapcase(), good[1:], f"Bearer {good}", f"{good},")
        guesses = (f"{number:032x}" for number in count())
        tokens = [*near, *(next(guesses) for _ in range(_BAD_TOKENS - len(near)))]
        for token in tokens:
            with RawClient(daemon.port) as client:
                request = daemon.request(KEY).replace(good.encode(), token.encode(), 1)
                answer = client.ask(request)
                assert (answer.status, TOKEN_HEADER.encode() in answer.body) == (403, True)
                assert good.encode() not in answer.body
    return "403 to each; others unharmed"


CASES = [
    Case("a Host that is not loopback's", _wrong_hosts),
    Case("forwarded requests", _forwarded),
    Case(f"{_BAD_TOKENS:,} bad tokens", _bad_tokens, tries=50),
]
