"""Listening sockets: the endpoint's, on loopback only, and that for probes."""

from __future__ import annotations

import errno
import os
import socket

from ...declared.environment.process import Process
from ...declared.environment.variables import SettingError
from ...http.address import Address

_BACKLOG = 1024  # clients that come before the loop runs wait here
_INHERITED = 3  # the first descriptor of systemd's socket activation
_ADDRESS = "127.0.0.1"
_HANDED_OVER = f"in systemd's .socket unit, ListenStream={_ADDRESS}:2773 and Accept=no"


def listen(port: int) -> socket.socket:
    """Bind the endpoint's port.

    Raises:
        SettingError: the port can't be had; the message says who else may use it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_ADDRESS, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _unavailable(port, error) from None
    listener.setblocking(False)
    return listener


def listen_for_probes(address: Address) -> socket.socket:
    """Bind the health address.

    Args:
        address: an IP address, not a name, and a port.

    Raises:
        SettingError: it can't be had.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise SettingError(
            f"WARMKEY_HEALTH_ADDRESS is {address.host} with port {address.port}, where probes "
            f"can't be listened for: {reason}; choose another"
        ) from None
    listener.setblocking(False)
    return listener


def inherited(process: Process) -> socket.socket | None:
    """The listening socket that was handed over, if one was.

    The protocol is that of systemd's socket activation, which the launcher follows too:
    https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html

    Args:
        process: who was handed how many.

    Raises:
        SettingError: there are several, or what was handed over does not listen on loopback.
    """
    count = process.listen_fds
    if process.listen_pid != str(os.getpid()) or count in ("", "0"):
        return None
    if count != "1":
        raise SettingError(f"LISTEN_FDS is {count!r}; hand over one socket: {_HANDED_OVER}")
    try:
        listener = socket.socket(fileno=_INHERITED)
    except OSError as error:
        raise _unusable(os.strerror(error.errno or 0)) from None
    if not _listens_on_loopback(listener):
        address = listener.getsockname()
        listener.close()
        raise _unusable(f"it has the address {address!r}")
    os.set_inheritable(_INHERITED, False)
    listener.setblocking(False)
    return listener


def _listens_on_loopback(listener: socket.socket) -> bool:
    if not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return False
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    host: str = listener.getsockname()[0]
    return host == "::1" or host.startswith("127.")


def _unusable(reason: str) -> SettingError:
    return SettingError(
        f"descriptor {_INHERITED} was handed over with LISTEN_FDS, and is not a socket that "
        f"listens on loopback ({reason}): {_HANDED_OVER}"
    )


def _unavailable(port: int, error: OSError) -> SettingError:
    remedy = "choose another with WARMKEY_PORT (or PARAMETERS_SECRETS_EXTENSION_HTTP_PORT)"
    if error.errno == errno.EADDRINUSE:
        return SettingError(
            f"port {port} is in use; {remedy}. AWS's own Parameters and Secrets extension listens "
            "on 2773 too: attach one of the two layers, not both"
        )
    return SettingError(f"port {port} can't be bound: {os.strerror(error.errno or 0)}; {remedy}")
