"""Addresses, from URLs and from `host:port`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.address import Address, MalformedAddress, parse_host_port, parse_url

hosts = st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,3}", fullmatch=True) | st.ip_addresses(
    v=6
).map(str)
ports = st.integers(1, 65535)
targets = st.from_regex(r"(/[a-z0-9?=&]{0,5}){0,3}", fullmatch=True)
NONE = [
    "",
    ":",
    "a",
    "a:",
    ":1",
    "a:0",
    "a:65536",
    "a:-1",
    "a:+1",
    "a:²",
    "a:1x",
    "a:" + "9" * 5000,
]
BAD_HOSTS = [
    "a b",
    "a@b",
    "a#b",
    "a?b",
    "ä",
    "a\n",
    "\0",
    "a:b",
    "::1",
    "[::1",
    "::1]",
    "[a]",
    "[]",
]


@pytest.mark.parametrize(
    ("url", "address", "target"),
    [
        ("http://127.0.0.1:4566", Address("127.0.0.1", 4566), "/"),
        ("http://localhost", Address("localhost", 80), "/"),
        ("https://a.example", Address("a.example", 443, secure=True), "/"),
        ("https://a.example/", Address("a.example", 443, secure=True), "/"),
        ("http://169.254.170.2/v2/keys?x=1", Address("169.254.170.2", 80), "/v2/keys?x=1"),
        ("http://[fd00:ec2::23]/v1", Address("fd00:ec2::23", 80), "/v1"),
        ("https://[::1]:8443", Address("::1", 8443, secure=True), "/"),
    ],
)
def test_a_url_is_an_address_and_a_target(url: str, address: Address, target: str) -> None:
    """The scheme gives the port where none stands."""
    assert parse_url(url) == (address, target)


@given(hosts, ports, st.booleans(), targets)
def test_a_url_is_read_as_it_was_put_together(
    host: str, port: int, secure: bool, target: str
) -> None:
    """By way of the authority, which is the Host header too."""
    address = Address(host, port, secure)
    url = f"{'https' if secure else 'http'}://{address.authority}{target}"
    assert parse_url(url) == (address, target or "/")


@given(hosts, ports)
def test_host_and_port_are_read_as_they_were_put_together(host: str, port: int) -> None:
    """As in AWS_LAMBDA_RUNTIME_API."""
    given_host = f"[{host}]" if ":" in host else host
    assert parse_host_port(f"{given_host}:{port}") == Address(host, port)


@pytest.mark.parametrize(
    ("address", "authority"),
    [
        (Address("a", 80), "a"),
        (Address("a", 443), "a:443"),
        (Address("a", 443, secure=True), "a"),
        (Address("a", 80, secure=True), "a:80"),
        (Address("::1", 80), "[::1]"),
        (Address("::1", 1), "[::1]:1"),
    ],
)
def test_the_scheme_s_own_port_is_left_out_of_the_authority(
    address: Address, authority: str
) -> None:
    """As SigV4 signs the host."""
    assert address.authority == authority


@pytest.mark.parametrize("text", [*NONE, *(f"{host}:80" for host in BAD_HOSTS)])
def test_invalid_host_and_port_is_refused(text: str) -> None:
    """The message gives it back."""
    with pytest.raises(MalformedAddress) as refused:
        parse_host_port(text)
    assert str(refused.value).startswith(f"{text!r} has no ")


@pytest.mark.parametrize(
    "url",
    ["", "a", "//a", "ftp://a", "HTTP//a", "http:/a", "http://", "http:///a", "http://a:0", "://a"]
    + [f"http://{host}/" for host in BAD_HOSTS if not set(host) & set("#?")],
)
def test_invalid_url_is_refused(url: str) -> None:
    """The message gives it back, save for what stands before an @."""
    with pytest.raises(MalformedAddress) as refused:
        parse_url(url)
    assert str(refused.value).startswith(repr(url.replace("//a@", "//…@")))


@given(st.text() | st.text("http:/[]a1.@?# \n", max_size=20))
def test_any_text_is_an_address_or_malformed(text: str) -> None:
    """What is read can stand in a Host header."""
    for parse in (parse_url, parse_host_port):
        try:
            read = parse(text)
        except MalformedAddress:
            continue
        address = read if isinstance(read, Address) else read[0]
        assert address.authority.isascii()
        assert address.authority.isprintable()
        assert 0 < address.port < 65536


@pytest.mark.parametrize("url", ["http://user:canary@host", "ftp://user:canary@host/"])
def test_a_password_in_a_url_is_not_shown(url: str) -> None:
    """It has no place there, and none in the log."""
    with pytest.raises(MalformedAddress) as refused:
        parse_url(url)
    assert "canary" not in str(refused.value)
    assert "@host" in str(refused.value)
