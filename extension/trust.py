"""Whom to trust as an AWS endpoint."""

from __future__ import annotations

import posix

from .outcome import Failed
from .upstream_error import UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ssl

# Where Linux distributions, Amazon Linux first, keep the certificates they trust.
_SYSTEM_BUNDLES = (
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
)
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Trust:
    """The certificates trusted for one host; read when the first connection needs them.

    Only AWS's own hosts are held to the layer's five roots, of which a connection reads one: all
    148 of a system would cost 8 ms of a cold start.

    Args:
        bundle: path of a PEM file that the user chose (`AWS_CA_BUNDLE`), or None.
        host: the server's name.
    """

    __slots__ = ("_bundles", "_context")

    def __init__(self, bundle: str | None, host: str) -> None:
        self._bundles: tuple[str, ...] = _SYSTEM_BUNDLES
        if bundle:
            self._bundles = (bundle,)
        elif host.endswith(_AWS):
            self._bundles = (_own_roots(), *_SYSTEM_BUNDLES)
        self._context: _ssl._SSLContext | None = None

    def context(self) -> _ssl._SSLContext:
        """The TLS settings of a client that trusts these certificates.

        Raises:
            UpstreamError: they can't be read.
        """
        if self._context is None:
            from .tls import verifying_context

            try:
                self._context = verifying_context(self._bundles)
            except OSError as error:
                raise self._unreadable(error) from error
        return self._context

    def _unreadable(self, error: OSError) -> UpstreamError:
        reason = posix.strerror(error.errno or 0)
        if type(error).__module__ != "builtins":  # OpenSSL's, whose number is its own
            reason = "it contains no certificate"
        detail = f"the certificates to trust can't be read from {self._bundles[-1]}: {reason}"
        hint = "name a file with certificates, in PEM, in AWS_CA_BUNDLE"
        return UpstreamError(Failed("refused", detail, hint))


def _own_roots() -> str:
    """The layer's folder with the five roots that AWS uses; it lies beside the interpreter."""
    try:
        executable = posix.readlink("/proc/self/exe")
    except OSError:
        executable = "/opt/warmkey/warmkey"
    return executable.rpartition("/")[0] + "/amazon-roots"
