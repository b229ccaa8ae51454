"""Whom to trust as an AWS endpoint."""

from __future__ import annotations

import errno
import os
import ssl
from collections.abc import Sequence
from pathlib import Path

from .failure import Failed, Kind, UpstreamError
from .tls import verifying_context

# Where Linux distributions, Amazon Linux first, keep the certificates they trust.
_SYSTEM_BUNDLES = (
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
)
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


def bundles(chosen: str | None, host: str) -> tuple[str, ...]:
    """Paths of the certificates to trust for a host; the first that is there counts.

    Only AWS's own hosts are held to the layer's five roots, of which a connection reads one: all
    148 of a system would cost 8 ms of a cold start.

    Args:
        chosen: path of a PEM file that the user chose (`AWS_CA_BUNDLE`), or None.
        host: the server's name.
    """
    if chosen:
        return (chosen,)
    return (own_roots(), *_SYSTEM_BUNDLES) if host.endswith(_AWS) else _SYSTEM_BUNDLES


class TrustStore:
    """Trusted certificates; read when the first connection needs them.

    Args:
        bundles: their paths; the first that is there counts.
    """

    __slots__ = ("_bundles", "_context")

    def __init__(self, bundles: Sequence[str]) -> None:
        self._bundles = bundles
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """The TLS settings of a client that trusts these certificates.

        Raises:
            UpstreamError: they can't be read.
        """
        if self._context is None:
            self._context = self._read()
        return self._context

    def _read(self) -> ssl.SSLContext:
        for bundle in self._bundles:
            try:
                return verifying_context(bundle)
            except FileNotFoundError:
                continue
            except ssl.SSLError as error:
                raise _unreadable(bundle, "it contains no certificate") from error
            except OSError as error:
                raise _unreadable(bundle, os.strerror(error.errno or 0)) from error
        raise _unreadable(" or ".join(self._bundles), os.strerror(errno.ENOENT))


def _unreadable(where: str, reason: str) -> UpstreamError:
    detail = f"the certificates to trust can't be read from {where}: {reason}"
    hint = "name a file with certificates, in PEM, in AWS_CA_BUNDLE"
    return UpstreamError(Failed(Kind.REJECTED, detail, hint))


def own_roots(running: str = "/proc/self/exe") -> str:
    """The layer's folder with the five roots that AWS uses; it lies beside the interpreter.

    Args:
        running: a link to the interpreter; where it can't be read, that is where Lambda puts it.
    """
    try:
        executable = Path(running).readlink()
    except OSError:
        executable = Path("/opt/warmkey/warmkey")
    return str(executable.parent / "amazon-roots")
