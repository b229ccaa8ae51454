"""Which proxy a server is reached through."""

import base64

import pytest

from extension.declared.environment.variables import Variables
from extension.declared.proxy import read
from extension.http.address import Address
from extension.http.client.proxy import Proxy

SSM = Address("ssm.eu-west-1.amazonaws.com", 443, secure=True)
PROXY = {"HTTPS_PROXY": "http://proxy.example:3128"}


def through(address: Address, **environ: str) -> bool:
    """Whether a server is reached through the proxy."""
    return read(Variables({**PROXY, **environ})).proxy_for(address) is not None


def server(host: str, port: int = 443) -> Address:
    """A server that speaks TLS."""
    return Address(host, port, secure=True)


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        (PROXY, Address("proxy.example", 3128)),
        ({"https_proxy": "http://proxy.example"}, Address("proxy.example", 80)),
        ({"https_proxy": "one:1", "HTTPS_PROXY": "two:2"}, Address("one", 1)),
        ({"HTTPS_PROXY": "HTTP://[::1]:3128/"}, Address("::1", 3128)),
    ],
)
def test_the_proxy_is_that_of_the_variables(environ: dict[str, str], address: Address) -> None:
    """Of the two, the one in lower case comes first, as in curl and in Python."""
    assert read(Variables(environ)).proxy_for(SSM) == Proxy(address)


def test_proxy_may_be_absent() -> None:
    """White space alone counts as nothing; a proxy for what is in the clear is none for AWS."""
    for environ in ({}, {"HTTPS_PROXY": " "}, {"HTTP_PROXY": "http://a:1", "ALL_PROXY": "b:1"}):
        assert read(Variables(environ)).proxy_for(SSM) is None


def test_credentials_are_percent_decoded_and_kept_out_of_texts() -> None:
    """The password, the pair, and what the header has of it."""
    url = "http://me:canary%40%2F:word@proxy.example:3128"
    found = read(Variables({"HTTPS_PROXY": url}))
    encoded = base64.b64encode(b"me:canary@/:word").decode()
    assert found.proxy == Proxy(Address("proxy.example", 3128), f"Basic {encoded}")
    assert {"canary@/:word", "canary%40%2F:word", "me:canary@/:word", encoded} == {*found.secrets}
    assert "canary" not in repr(found.proxy)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("socks5://me:canary@proxy:1", "'socks5://…@proxy:1', and no proxy is used: a proxy is"),
        ("https://proxy:1", "'https://proxy:1', and no proxy is used: a proxy is spoken to in"),
        ("http://me:canary@proxy:0", "'http://…@proxy:0', and no proxy is used: "),
        ("http://me:canary%4@proxy:1", "'http://…@proxy:1', and no proxy is used: "),
    ],
)
def test_unusable_proxy_is_a_warning(url: str, shown: str) -> None:
    """Without its password."""
    variables = Variables({"HTTPS_PROXY": url})
    assert read(variables).proxy_for(SSM) is None
    [warning] = variables.warnings
    assert shown in warning
    assert "canary" not in warning


@pytest.mark.parametrize(
    "address",
    [
        server("127.0.0.1"),
        server("localhost"),
        server("::1"),
        server("169.254.169.254"),
        server("fe80::1"),
        server("fd00:ec2::254"),
        Address("ssm.eu-west-1.amazonaws.com", 80),
    ],
)
def test_host_on_this_machine_or_link_is_reached_directly(address: Address) -> None:
    """And so is what a proxy could read: it would get the session's token."""
    assert not through(address)


@pytest.mark.parametrize(
    ("entries", "direct"),
    [
        ("*", True),
        ("ssm.eu-west-1.amazonaws.com", True),
        ("SSM.eu-west-1.AMAZONAWS.com", True),
        ("amazonaws.com", True),
        (".amazonaws.com", True),
        ("*.amazonaws.com", True),
        ("a, .amazonaws.com ,b", True),
        ("amazonaws.com:443", True),
        ("amazonaws.com:8443", False),
        ("azonaws.com", False),
        ("eu-west-1", False),
        ("", False),
    ],
)
def test_names_may_be_exempt(entries: str, *, direct: bool) -> None:
    """By themselves, or by a domain above them."""
    assert through(SSM, NO_PROXY=entries) is not direct
    assert through(SSM, no_proxy=entries) is not direct


@pytest.mark.parametrize(
    ("entry", "direct"),
    [
        ("10.0.0.0/8", True),
        ("10.1.2.3/32", True),
        ("0.0.0.0/0", True),
        ("10.1.2.4/31", False),
        ("10.1.2.0/99", False),
        ("10.1.2/24", False),
        ("10.1.2.3", True),
        ("10.1.2.3:443", True),
        ("2.3", True),
    ],
)
def test_addresses_may_be_exempt_by_their_network(entry: str, *, direct: bool) -> None:
    """Whatever is no network is compared as names are."""
    assert through(server("10.1.2.3"), NO_PROXY=entry) is not direct


@pytest.mark.parametrize(
    ("entry", "direct"),
    [("2001:db8::/32", True), ("2001:db9::/32", False), ("0.0.0.0/0", False), ("::/129", False)],
)
def test_an_ipv6_address_may_be_exempt_by_its_network(entry: str, *, direct: bool) -> None:
    """Which no network of IPv4 holds."""
    assert through(server("2001:db8::1"), NO_PROXY=entry) is not direct


def test_an_ipv6_address_may_be_exempt() -> None:
    """With its brackets or without, as a port may follow."""
    for entry in ("2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443"):
        assert not through(server("2001:db8::1"), NO_PROXY=entry)
    assert through(server("2001:db8::2"), NO_PROXY="2001:db8::1")
