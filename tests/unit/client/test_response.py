"""What the thin client makes of the bytes that the endpoint has sent."""

import pytest

from warmkey import AccessRefused, SecretNotFound, UpstreamError, WarmkeyError
from warmkey.endpoint import Answer


def answer(body: bytes = b"", *, status: str = "200 OK", **fields: str) -> Answer:
    """An answer with these headers, and its body's length."""
    headers = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return Answer("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("content_type", "body", "value"),
    [
        ("text/plain; charset=utf-8", "ä\r\n\r\nb".encode(), "ä\r\n\r\nb"),
        ("TEXT/plain", b"", ""),
        ("text/plain", b"\xff", "\udcff"),
        ("application/octet-stream", b"\xff\x00", b"\xff\x00"),
        ("application/json", b"{}", b"{}"),
    ],
)
def test_a_value_is_text_where_the_endpoint_says_so(
    content_type: str, body: bytes, value: str | bytes
) -> None:
    """And bytes where it is anything else; no byte is lost in either."""
    found = answer(body, Content_Type=content_type)
    assert (found.status, found.value) == (200, value)


def test_a_value_without_a_type_is_bytes() -> None:
    """Nobody has said that it is text."""
    assert answer(b"a").value == b"a"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 2x0 OK\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 \r\nContent-Length: 1\r\n\r\na",
    ],
)
def test_incomplete_response_has_no_status(data: bytes) -> None:
    """It was cut short, or somebody else has sent it."""
    assert Answer(data).status == 0


@pytest.mark.parametrize(
    ("max_age", "age", "seconds"),
    [
        ("300", "0", 240),
        ("300", "150", 90),
        ("300", "240", 0),
        ("300", "300", -60),
        ("0", "0", 0),
    ],
)
def test_a_value_is_kept_for_four_fifths_of_its_time(
    max_age: str, age: str, seconds: float
) -> None:
    """Counted from when it came from AWS; from then on the endpoint is asked."""
    found = answer(Cache_Control=f"private, max-age={max_age}", Age=age)
    assert found.keep_for() == pytest.approx(seconds)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Age": "0"},
        {"Cache_Control": "max-age=300"},
        {"Cache_Control": "no-store", "Age": "0"},
        {"Cache_Control": "max-age=-1", "Age": "0"},
        {"Cache_Control": "max-age=300", "Age": "soon"},
        {"Cache_Control": "max-age=300", "Age": "0", "Warmkey_State": "stale"},
    ],
)
def test_a_value_of_which_no_time_is_known_is_not_kept(fields: dict[str, str]) -> None:
    """Both headers are needed for that."""
    assert answer(b"", **fields).keep_for() == 0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, WarmkeyError),
        (403, AccessRefused),
        (404, SecretNotFound),
        (500, WarmkeyError),
        (502, UpstreamError),
        (503, UpstreamError),
        (504, UpstreamError),
    ],
)
def test_an_error_is_of_its_status_s_kind(status: int, kind: type[WarmkeyError]) -> None:
    """And holds the status."""
    error = answer(status=f"{status} No").error()
    assert (type(error), error.status) == (kind, status)
