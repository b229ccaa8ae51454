"""Responses in chunks, from servers that do not know their length beforehand."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.messages import MalformedMessage, Response
from tests.fakes.cut import cut, read

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunked(parts: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A body as a server sends it that does not know its length."""
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(part), part) for part in parts if part)
    return chunks + b"0\r\n" + trailer + b"\r\n"


@given(
    st.lists(st.binary(max_size=20), max_size=4),
    st.sampled_from([b"", b"X-Trailer: 1\r\n"]),
    st.lists(st.integers(0, 400)),
)
def test_a_chunked_response_is_read_however_it_is_cut(
    parts: list[bytes], trailer: bytes, cuts: list[int]
) -> None:
    """With extensions and trailers, which mean nothing here."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    assert read(cut(head + chunked(parts, trailer), cuts)) == Response(
        200, (("transfer-encoding", "Chunked"),), b"".join(parts)
    )


def test_the_time_for_many_chunks_grows_with_their_number() -> None:
    """And not with its square, which is 64 times as much for 8 times as many; one byte in each."""
    few, many = (time_for_chunks(number) for number in (50_000, 400_000))
    assert many < 30 * few


def time_for_chunks(number: int) -> float:
    """Seconds of CPU that it takes to read so many chunks of one byte."""
    began = time.thread_time()
    found = read([HEAD + b"1\r\na\r\n" * number + b"0\r\n\r\n"])
    taken = time.thread_time() - began
    assert found is not None
    assert len(found.body) == number
    return taken


def test_white_space_may_stand_before_a_chunk_s_extension() -> None:
    """RFC 9112 §7.1.1 allows it there."""
    found = read([HEAD + b"5 ;ext=1\r\nhello\r\n0  ; last\r\n\r\n"])
    assert found is not None
    assert found.body == b"hello"


@pytest.mark.parametrize("chunks", [b"5\r\nhel", b"5\r\nhello\r\n", b"5\r\nhello\r\n0\r\n", b"5"])
def test_a_chunked_response_that_is_cut_short_is_malformed(chunks: bytes) -> None:
    """Not a shorter one."""
    with pytest.raises(MalformedMessage, match="cut short"):
        read([HEAD + chunks, b""])


@pytest.mark.parametrize(
    "chunks",
    [
        b"x\r\n",
        b"\r\n",
        b"-1\r\n",
        b"+1\r\na\r\n",
        b"0x1\r\na\r\n",
        b"1_0\r\n",
        b" 1\r\na\r\n",
        b"1\r\nabc",
    ],
)
def test_invalid_chunk_is_malformed(chunks: bytes) -> None:
    """Signs, underscores and missing line ends, too, which are how messages get smuggled."""
    with pytest.raises(MalformedMessage, match="chunk"):
        read([HEAD + chunks])
