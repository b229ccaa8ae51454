"""Addresses of HTTP servers, read from URLs and from `host:port`."""

from __future__ import annotations

from dataclasses import dataclass

_DEFAULT_PORTS = {"http": 80, "https": 443}


class MalformedAddress(ValueError):
    """The text names no server; the message says what was given and what is allowed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an HTTP server is.

    Attributes:
        host: a name or an IP address, without brackets.
        port: its port.
        secure: whether it speaks TLS.
    """

    host: str
    port: int
    secure: bool = False

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on the machine, as far as the host says so."""
        host = self.host.lower()
        ipv4 = host.startswith("127.") and host.replace(".", "").isdigit()  # and no name
        return ipv4 or host in ("localhost", "::1")

    @property
    def authority(self) -> str:
        """The `Host` header for it (RFC 9110 §7.2): the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == _DEFAULT_PORTS["https" if self.secure else "http"]
        return host if usual else f"{host}:{self.port}"


def parse_url(url: str) -> tuple[Address, str]:
    """Split `scheme://host[:port][/target]`.

    Returns:
        The address, and the request target (`/` where there is none).

    Raises:
        MalformedAddress: it is no such URL.
    """
    scheme, separator, rest = url.partition("://")
    authority, _, target = rest.partition("/")
    if scheme not in _DEFAULT_PORTS or not separator:
        raise MalformedAddress(f"{_shown(url)!r} is not a URL of the form http(s)://host[:port]")
    secure = scheme == "https"
    return _parse_authority(_shown(url), authority, _DEFAULT_PORTS[scheme], secure), "/" + target


def parse_host_port(text: str) -> Address:
    """Read `host:port`, as in `AWS_LAMBDA_RUNTIME_API`.

    Raises:
        MalformedAddress: it is not of that form.
    """
    return _parse_authority(text, text, None, secure=False)


def _parse_authority(given: str, authority: str, default: int | None, secure: bool) -> Address:
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        host, port = authority, "" if default is None else str(default)
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise MalformedAddress(f"{given!r} has no port from 1 to 65535")
    bracketed = host.startswith("[") and host.endswith("]")
    name = host[1:-1] if bracketed else host
    if not _is_host(name) or bracketed != (":" in name):
        raise MalformedAddress(f"{given!r} has no valid host")
    return Address(name, int(port), secure)


def _shown(url: str) -> str:
    """A URL as a message may show it: who put a password in front of the host finds none there."""
    before, at, rest = url.rpartition("@")
    return f"{before.partition('://')[0]}://…@{rest}" if at else url


def _is_host(name: str) -> bool:
    """Whether it can stand in a `Host` header; whether such a host exists is for others to say."""
    return bool(name) and name.isascii() and name.isprintable() and not set(name) & set("/?#@ []")
