"""The endpoint's listening socket, on loopback only."""

from __future__ import annotations

import _socket
import errno
import posix

from .variables import SettingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_BACKLOG = 1024  # readers that come before the loop runs wait here
_INHERITED = 3  # the first descriptor of systemd's socket activation
_ADDRESS = "127.0.0.1"


def listen(port: int) -> _socket.socket:
    """Bind the endpoint's port.

    Raises:
        SettingError: the port can't be had; the message says who else may use it.
    """
    listener = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    listener.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_ADDRESS, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _unavailable(port, error) from None
    listener.setblocking(False)
    return listener


def inherited(environ: Mapping[str, str]) -> _socket.socket | None:
    """The listening socket that was handed over, if one was.

    The protocol is that of systemd's socket activation, which the launcher follows too:
    https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
    """
    if environ.get("LISTEN_PID") != str(posix.getpid()) or environ.get("LISTEN_FDS") != "1":
        return None
    listener = _socket.socket(fileno=_INHERITED)
    posix.set_inheritable(_INHERITED, False)
    listener.setblocking(False)
    return listener


def _unavailable(port: int, error: OSError) -> SettingError:
    remedy = "choose another with WARMKEY_PORT (or PARAMETERS_SECRETS_EXTENSION_HTTP_PORT)"
    if error.errno == errno.EADDRINUSE:
        return SettingError(
            f"port {port} is in use; {remedy}. AWS's own Parameters and Secrets extension listens "
            "on 2773 too: attach one of the two layers, not both"
        )
    return SettingError(f"port {port} can't be bound: {posix.strerror(error.errno or 0)}; {remedy}")
