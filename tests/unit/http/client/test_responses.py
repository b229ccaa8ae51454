"""Responses, however they are cut on their way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.client.response_parser import LONGEST_BODY, ResponseParser
from extension.http.messages import (
    LONGEST_HEAD,
    REASONS,
    MalformedMessage,
    Response,
    build_response,
)
from tests.fakes.cut import cut, read
from tests.unit.http.test_requests import headers

bodies = st.binary(max_size=60) | st.sampled_from([b"\r\n\r\n", b"0\r\n\r\n", b"\r\n"])
responses = st.builds(Response, st.sampled_from(sorted(REASONS)), headers, bodies)
framing = {"content-length", "transfer-encoding"}
pieces = st.sampled_from(
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 \r\n", b"HTTP/1.1 ", b"Content-Length: ", b"5", b"-1",
     b"Transfer-Encoding: chunked", b"\r\n", b"\r\n\r\n", b"0", b"a", b";x=y", b"hello", b"\0"]
)  # fmt: skip


@given(responses, st.lists(st.integers(0, 400)))
def test_a_response_is_read_as_it_was_built_however_it_is_cut(
    response: Response, cuts: list[int]
) -> None:
    """Status, headers and body; with 304 there is none."""
    kept = tuple(header for header in response.headers if header[0] not in framing)
    found = read(cut(build_response(Response(response.status, kept, response.body)), cuts))
    assert found is not None
    assert found.status == response.status
    assert found.headers[: len(kept)] == kept
    assert found.body == (b"" if response.status == 304 else response.body)


@given(bodies, st.lists(st.integers(0, 400)))
def test_a_response_without_a_length_ends_with_the_connection(body: bytes, cuts: list[int]) -> None:
    """RFC 9112 §6.3."""
    parts = cut(b"HTTP/1.1 200 OK\r\n\r\n" + body, cuts)
    assert read(parts) is None
    assert read([*parts, b""]) == Response(200, (), body)


@given(responses, st.integers(0, 400))
def test_a_response_that_is_cut_short_is_malformed(response: Response, end: int) -> None:
    """Not a shorter one."""
    kept = tuple(header for header in response.headers if header[0] not in framing)
    data = build_response(Response(response.status, kept, response.body))
    with pytest.raises(MalformedMessage, match="cut short"):
        read([*cut(data[: end % len(data)], []), b""])


@given(
    st.lists(st.sampled_from([100, 102, 103, 199]), max_size=3),
    st.sampled_from([b"", b"A: b\r\n", b"A: b\r\nLink: c\r\n"]),
    st.lists(st.integers(0, 200)),
)
def test_interim_responses_are_passed_over(
    statuses: list[int], fields: bytes, cuts: list[int]
) -> None:
    """The real one comes after them (RFC 9110 §15.2)."""
    interim = b"".join(b"HTTP/1.1 %d Wait\r\n%b\r\n" % (each, fields) for each in statuses)
    found = read(cut(interim + build_response(Response(200, (), b"hello")), cuts))
    assert found is not None
    assert (found.status, found.body) == (200, b"hello")


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_a_status_without_a_body_has_none(status: bytes) -> None:
    """Whatever its head says (RFC 9112 §6.3)."""
    for field in (b"", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"):
        found = read([b"HTTP/1.1 %b\r\n%b\r\n" % (status, field)])
        assert found is not None
        assert found.body == b""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\r\n\r\n", "status line"),
        (b"HTTP/2 200 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 abc\r\n\r\n", "status line"),
        (b"HTTP/1.1 20\r\n\r\n", "status line"),
        (b"HTTP/1.1 099 Wait\r\n\r\n", "status line"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1  200 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 -20 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 2\xb20 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 100 \r\nTransfer-Encoding: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "interim"),
        (b"HTTP/1.1 103 \r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "interim"),
        (
            b"HTTP/1.1 103 \r\nLink: a\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "interim",
        ),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1\n 200 OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "not chunked"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", "not chunked"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "a Content-Length and a Transfer-Encoding",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\n1\r\n}\r\n", "size is no"),
        (b"HTTP/1.1 200 OK\r\nA\r\n\r\n", "header line"),
        (b"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "Content-Length is no"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "Content-Length is no"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length is no"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "Length is no"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n", "Content-Length is no"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000), "Length is no"),
    ],
)
def test_invalid_response_is_malformed(data: bytes, reason: str) -> None:
    """Told at once, without waiting for more."""
    with pytest.raises(MalformedMessage, match=reason):
        read([data])


@pytest.mark.parametrize("cuts", [[], [100], [LONGEST_HEAD, LONGEST_HEAD + 3]])
@pytest.mark.parametrize("excess", [0, 1])
def test_a_head_may_be_so_long_and_no_longer(excess: int, cuts: list[int]) -> None:
    """However it is cut."""
    head = b"HTTP/1.1 304 Not Modified\r\nA: "
    data = head + b"b" * (LONGEST_HEAD - len(head) + excess) + b"\r\n\r\n"
    if excess:
        with pytest.raises(MalformedMessage, match="too long"):
            read(cut(data, cuts))
    else:
        assert read(cut(data, cuts)) is not None


def test_a_head_without_end_is_refused_before_memory_is_full() -> None:
    """A server that keeps sending is not a server."""
    with pytest.raises(MalformedMessage, match="too long"):
        read([b"HTTP/1.1 200 OK\r\nA: " + b"b" * LONGEST_HEAD])


def test_a_body_that_is_too_long_is_refused_before_it_has_come() -> None:
    """By what its head says, or by what has come."""
    head = b"HTTP/1.1 200 OK\r\n"
    with pytest.raises(MalformedMessage, match="longer than"):
        read([head + b"Content-Length: %d\r\n\r\n" % (LONGEST_BODY + 1)])
    with pytest.raises(MalformedMessage, match="longer than"):
        read([head + b"\r\n", b"a" * (LONGEST_BODY + 1)])


def test_a_new_reader_knows_that_nothing_has_come() -> None:
    """A connection that broke before may be tried again."""
    assert not ResponseParser().started


@pytest.mark.parametrize("data", [b"H", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_reader_knows_that_something_has_come(data: bytes) -> None:
    """Part of the head, or all of it and nothing more."""
    reader = ResponseParser()
    assert reader.feed(data) is None
    assert reader.started


@given(
    st.binary(max_size=60) | st.lists(pieces, max_size=12).map(b"".join),
    st.lists(st.integers(0, 60)),
)
def test_any_bytes_are_a_response_or_malformed_and_the_same_however_cut(
    data: bytes, cuts: list[int]
) -> None:
    """Nothing else is raised, and where the network cuts means nothing."""
    assert outcome([data] if data else []) == outcome(cut(data, cuts))


def outcome(parts: list[bytes]) -> object:
    """The response, or that there is none, when the connection closes after these parts."""
    try:
        return read([*parts, b""])
    except MalformedMessage:
        return MalformedMessage
