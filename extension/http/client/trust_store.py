"""Whom to trust as an AWS endpoint."""

from __future__ import annotations

import errno
import os
import ssl
from collections.abc import Sequence

from ..failure import Failed, Kind, UpstreamError
from .tls import verifying_context

# Where Linux distributions, Amazon Linux first, keep the certificates they trust.
_SYSTEM_BUNDLES = (
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
)
# AWS's hosts that stand under roots of Mozilla's list, in the European Sovereign Cloud by way of
# cross-signed certificates (https://www.amazontrust.com/repository/). The isolated partitions have
# roots of their own, which the machines there trust. See docs/decisions/0011-trust.md.
_AWS = (
    ".amazonaws.com",
    ".api.aws",
    ".amazonaws.com.cn",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
)
_CARRIES_ROOTS = __spec__.origin == "frozen"  # into an interpreter of the layer's build

Bundle = str | None  # a path; None is for the interpreter's own roots


def bundles(
    chosen: str | None, host: str, *, carries_roots: bool = _CARRIES_ROOTS
) -> tuple[Bundle, ...]:
    """The certificates to trust for a host; the first that are there count.

    The layer's interpreter has all of Mozilla's roots in it, of which a connection reads one: all
    148 of a system would cost 8 ms of a cold start.

    Args:
        chosen: path of a PEM file that the user chose (`AWS_CA_BUNDLE`), or None.
        host: the server's name.
        carries_roots: whether the interpreter is the layer's.
    """
    if chosen:
        return (chosen,)
    if carries_roots and host.endswith(_AWS):
        return (None,)
    return (*_SYSTEM_BUNDLES, None)


class TrustStore:
    """Trusted certificates; read when the first connection needs them.

    Args:
        bundles: where they are, as `bundles` gives it; the first that is there counts.
    """

    __slots__ = ("_bundles", "_context")

    def __init__(self, bundles: Sequence[Bundle]) -> None:
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
                raise _unreadable(str(bundle), "it contains no certificate") from error
            except OSError as error:
                raise _unreadable(str(bundle), os.strerror(error.errno or 0)) from error
        raise _unreadable(" or ".join(map(str, self._bundles)), os.strerror(errno.ENOENT))


def _unreadable(where: str, reason: str) -> UpstreamError:
    detail = f"the certificates to trust can't be read from {where}: {reason}"
    hint = "name a file with certificates, in PEM, in AWS_CA_BUNDLE"
    return UpstreamError(Failed(Kind.REJECTED, detail, hint))
