"""Requests and the building of messages, as RFC 9112 has them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extension.http.messages import (
    REASONS,
    MalformedMessage,
    Request,
    Response,
    build_request,
    build_response,
    parse_request,
)

tokens = st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}", fullmatch=True)
visible = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
targets = st.text(visible, max_size=20).map("/{}".format)
# A value has no space around it; within, it may have any but control characters.
values = st.text(
    st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]) | st.just("\t"), max_size=20
).map(lambda value: value.strip(" \t"))
headers = st.lists(st.tuples(tokens.map(str.lower), values), max_size=5).map(tuple)
requests = st.builds(
    Request, tokens, targets, headers, st.just(b""), st.sampled_from(["HTTP/1.0", "HTTP/1.1"])
)


@given(requests)
def test_a_request_is_parsed_as_it_was_built(request: Request) -> None:
    """All but the length, which building adds."""
    head = build_request(request).removesuffix(b"\r\n\r\n")
    parsed = parse_request(head)
    added = () if request.method == "GET" else (("content-length", "0"),)
    assert parsed.headers == (*request.headers, *added)
    assert (parsed.method, parsed.target) == (request.method, request.target)
    assert parsed.version == request.version


def test_names_are_lower_case_and_spaces_around_values_are_gone() -> None:
    """RFC 9110 §5.1, §5.5."""
    request = parse_request(b"GET / HTTP/1.1\r\nHost: \t localhost \t\r\nX-A:b")
    assert request.headers == (("host", "localhost"), ("x-a", "b"))


def test_lines_of_one_name_are_joined() -> None:
    """RFC 9110 §5.2; one that is not there is None, an empty one is empty."""
    request = parse_request(b"GET / HTTP/1.1\r\nA: 1\r\na: 2\r\nB:")
    assert (request.fields.get("a"), request.fields.get("b"), request.fields.get("c")) == (
        "1, 2",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", "request line"),
        (b"GET", "request line"),
        (b"GET /", "request line"),
        (b"GET  HTTP/1.1", "request line"),
        (b"GET  / HTTP/1.1", "request line"),
        (b" GET / HTTP/1.1", "request line"),
        (b"GET / HTTP/1.1 ", "request line"),
        (b"GET / HTTP/2", "request line"),
        (b"GET / http/1.1", "request line"),
        (b"G\tT / HTTP/1.1", "request line"),
        (b"GET /a b HTTP/1.1", "request line"),
        (b"GET /a\tb HTTP/1.1", "control character"),
        (b"GET /a\nX: y HTTP/1.1", "request line"),
        (b"GET /a\x00 HTTP/1.1", "control character"),
        (b"GET / HTTP/1.1\r\nHost", "header line"),
        (b"GET / HTTP/1.1\r\n: a", "header line"),
        (b"GET / HTTP/1.1\r\nHost : a", "header line"),
        (b"GET / HTTP/1.1\r\n Host: a", "header line"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded", "header line"),
        (b"GET / HTTP/1.1\r\nH\xf6st: a", "header line"),
        (b"GET / HTTP/1.1\r\nA: b\nHost: c", "control character"),
        (b"GET / HTTP/1.1\r\nA: b\rHost: c", "control character"),
        (b"GET / HTTP/1.1\r\nA: b\0", "control character"),
    ],
)
def test_invalid_request_is_refused(head: bytes, reason: str) -> None:
    """So that no line break, space or folding smuggles a header in."""
    with pytest.raises(MalformedMessage, match=reason):
        parse_request(head)


def test_a_refusal_shows_none_of_the_message() -> None:
    """There may be a token in it."""
    with pytest.raises(MalformedMessage) as refused:
        parse_request(b"GET /canary HTTP/1.1\r\ncanary: canary\0")
    assert "canary" not in str(refused.value)


@given(st.binary(max_size=80) | st.text("GET /a:HTP1.0\r\n\0 ", max_size=40).map(str.encode))
@example(b"GET / HTTP/1.1")
def test_any_bytes_are_a_request_or_malformed(head: bytes) -> None:
    """Nothing else is raised."""
    try:
        request = parse_request(head)
    except MalformedMessage:
        return
    assert " " not in request.target
    assert all(name == name.lower() for name, _ in request.headers)


@given(st.sampled_from(["\r", "\n", "\r\n"]), values, values)
def test_a_line_break_in_a_head_is_never_sent(line_break: str, before: str, after: str) -> None:
    """It would smuggle a header."""
    text = before + line_break + after
    for request in (Request(text, "/"), Request("GET", text), Request("GET", "/", (("a", text),))):
        with pytest.raises(ValueError, match="line break"):
            build_request(request)
    with pytest.raises(ValueError, match="line break"):
        build_response(Response(200, ((text, "a"),)))


def test_a_body_is_sent_with_its_length() -> None:
    """To the last byte."""
    request = Request("POST", "/", (("Host", "a"),), b"\0\r\n\r\n\xff")
    assert build_request(request) == (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n\0\r\n\r\n\xff"
    )


def test_not_modified_has_no_length() -> None:
    """RFC 9110 §15.4.5: it would be that of what is not sent."""
    assert build_response(Response(304)) == b"HTTP/1.1 304 Not Modified\r\n\r\n"


@pytest.mark.parametrize("status", sorted(REASONS.keys() - {304}))
def test_every_other_response_has_its_length(status: int) -> None:
    """An empty one, too."""
    start = f"HTTP/1.1 {status} {REASONS[status]}\r\n".encode()
    assert build_response(Response(status)) == start + b"Content-Length: 0\r\n\r\n"


def test_a_repr_shows_neither_headers_nor_body() -> None:
    """There are tokens and values in them."""
    held = ((("Authorization", "canary"),), b"canary")
    assert "canary" not in repr(Request("POST", "/", *held))
    assert "canary" not in repr(Response(200, *held))
