"""The proxy through which AWS is reached, by the variables that other programs read, too.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-proxy.html
https://curl.se/docs/manpage.html#ENVIRONMENT
"""

from __future__ import annotations

from binascii import b2a_base64
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from ..http import percent
from ..http.address import Address, MalformedAddress, parse_url
from ..http.client.proxy import Proxy
from .environment.variables import Variables

_NAMES = ("https_proxy", "HTTPS_PROXY")
_EXEMPTING = ("no_proxy", "NO_PROXY")
_LINK_LOCAL = ("169.254.", "fe80:", "fd00:ec2:")


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """The proxy, and who is reached without it.

    Attributes:
        proxy: the proxy; None for none.
        exempt: the entries of `NO_PROXY`, in lower case.
        secrets: what no text may hold: the password, and what is made of it.
    """

    proxy: Proxy | None = None
    exempt: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    def proxy_for(self, address: Address) -> Proxy | None:
        """The proxy through which a server is reached; None where it is reached directly.

        That are those of `NO_PROXY`, and those without TLS, which a proxy could read; and whatever
        is on this machine or link, which a proxy would look for on its own.
        """
        if self.proxy is None or not address.secure or address.is_loopback:
            return None
        host = address.host.lower()
        exempt = any(_exempts(each, host, address) for each in self.exempt)
        return None if exempt or host.startswith(_LINK_LOCAL) else self.proxy


NO_PROXY = ProxySettings()
"""Where nobody has set one."""


def read(variables: Variables) -> ProxySettings:
    """Read the proxy; one that can't be used is a warning.

    Args:
        variables: the environment; takes the warnings.
    """
    environ = variables.environ
    name = next((each for each in _NAMES if environ.get(each, "").strip()), "")
    if not name:
        return NO_PROXY
    url = environ[name].strip()
    scheme, separator, rest = url.rpartition("://")
    user, at, host = rest.rpartition("@")
    try:
        if scheme.lower() not in ("", "http"):
            raise MalformedAddress("a proxy is spoken to in the clear, by http://")
        address, _ = parse_url(f"http://{host}")
        name_of, colon, password = user.partition(":")
        credentials = f"{percent.decode(name_of)}:{percent.decode(password)}" if at else ""
    except (MalformedAddress, percent.NotPercentEncoded) as error:
        shown = f"{scheme}{separator}{'…@' if at else ''}{host}"
        variables.warn(f"{name} is {shown!r}, and no proxy is used: {error}")
        return NO_PROXY
    encoded = b2a_base64(credentials.encode(), newline=False).decode()
    exempting = next((each for each in _EXEMPTING if environ.get(each, "").strip()), "")
    entries = (each.strip().lower() for each in environ.get(exempting, "").split(","))
    return ProxySettings(
        Proxy(address, f"Basic {encoded}" if credentials else ""),
        tuple(filter(None, entries)),
        (credentials, encoded, password, percent.decode(password)) if colon else (),
    )


def _exempts(entry: str, host: str, address: Address) -> bool:
    """Whether an entry is of a host: its name or a domain above it, its address or network."""
    name, colon, port = entry.rpartition(":")
    if colon and port.isdigit() and not (":" in name and not name.endswith("]")):
        return port == str(address.port) and _exempts(name, host, address)
    if "/" in entry:
        try:
            return ip_address(host) in ip_network(entry, strict=False)
        except ValueError:  # a name is in no network
            return False
    entry = entry.strip("[]").removeprefix("*")
    bare = entry.removeprefix(".")
    return not bare or host == bare or host.endswith(f".{bare}")
