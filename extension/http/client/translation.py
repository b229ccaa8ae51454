"""What goes wrong on the way to a server, said so that somebody can act on it."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence

from ..address import Address
from ..failure import Failed, Kind, UpstreamError
from ..messages import MalformedMessage
from .proxy import Proxy

_NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class NotResolved(TimeoutError):
    """The server's name was not resolved in time."""


def most_telling(problems: Sequence[OSError]) -> OSError:
    """The problem, of those with a host's addresses, that is told.

    Args:
        problems: at least one, in the order in which they arose.

    Returns:
        The first that was a refused certificate, else the first but for those of an address of a
        family that the network does not have.
    """

    def weight(problem: OSError) -> int:
        return 2 if hasattr(problem, "verify_message") else problem.errno not in _NO_WAY

    return max(problems, key=weight)


def translate(error: Exception, address: Address, proxy: Proxy | None = None) -> UpstreamError:
    """Say what an error of the system, of TLS or of HTTP means.

    Args:
        error: what was raised.
        address: the server that was being talked to.
        proxy: through which proxy; None for none.
    """
    there = address.authority
    if proxy is not None:
        there = f"{there} through the proxy {proxy.address.authority}"
    match error:
        case UpstreamError():
            return error
        case MalformedMessage():
            return UpstreamError(Failed(Kind.INVALID, f"{there} gave no valid answer: {error}"))
        case NotResolved():
            detail = f"{there} was not resolved in time"
            return UpstreamError(Failed(Kind.TIMEOUT, detail, "check the VPC's DNS"))
        case TimeoutError():
            hint = "a function in a VPC needs a NAT gateway or a VPC endpoint for the service"
            if proxy is not None:
                hint = "check that the proxy can be reached, and can reach that host"
            return UpstreamError(Failed(Kind.TIMEOUT, f"{there} did not answer in time", hint))
        case socket.gaierror():
            hint = "check the region, AWS_ENDPOINT_URL and the VPC's DNS"
            if "-fips." in address.host:
                hint = f"{hint}; not every region has a FIPS endpoint for each service"
            return UpstreamError(Failed(Kind.UNREACHABLE, f"{there} can't be resolved", hint))
    if reason := getattr(error, "verify_message", None):
        detail = f"the certificate of {there} is not trusted: {reason}"
        hint = "name the right certificates with AWS_CA_BUNDLE, or correct AWS_ENDPOINT_URL"
        return UpstreamError(Failed(Kind.UNTRUSTED, detail, hint))
    reason = getattr(error, "reason", None) or type(error).__name__
    if isinstance(error, OSError) and error.errno and type(error).__module__ == "builtins":
        reason = os.strerror(error.errno)
    return UpstreamError(Failed(Kind.UNREACHABLE, f"{there}: {reason}"))
