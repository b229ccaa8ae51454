"""Connections to AWS's services, which share trust and what is known of a host's addresses."""

from __future__ import annotations

from ...declared.proxy import NO_PROXY, ProxySettings
from ...http.address import Address
from ...http.client.address_history import AddressHistory
from ...http.client.connection import Connection
from ...http.client.trust_store import TrustStore, bundles


class Connections:
    """Makes connections.

    Args:
        ca_bundle: path of the certificates to trust, or None for the default.
        proxies: the proxy through which they go, and who is reached without it.
    """

    __slots__ = ("_ca_bundle", "_known", "_proxies")

    def __init__(self, ca_bundle: str | None, proxies: ProxySettings = NO_PROXY) -> None:
        self._ca_bundle = ca_bundle
        self._proxies = proxies
        self._known: dict[str, tuple[TrustStore, AddressHistory]] = {}

    def to(self, address: Address) -> Connection:
        """A new connection, which its first request opens."""
        host = address.host
        if host not in self._known:
            self._known[host] = TrustStore(bundles(self._ca_bundle, host)), AddressHistory()
        return Connection(address, *self._known[host], self._proxies.proxy_for(address))
