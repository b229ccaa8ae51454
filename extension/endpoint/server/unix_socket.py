"""The endpoint on a Unix socket, which the daemon's own user alone may connect to.

Only a sidecar listens on one. Its file has mode 0600 from its first moment on, and lies where
nobody else can replace it; who connects, and who listens, is asked of the kernel all the same.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import sys
from pathlib import Path

from ...declared.environment.variables import SettingError

_BACKLOG = 1024  # clients that come before the loop runs wait here
_LONGEST = 107  # bytes: sun_path has 108 with the NUL, unix(7)
_CREDENTIALS = 12  # bytes of a struct ucred: process, user and group
_ROOT = 0


def listen(path: str) -> socket.socket:
    """Listen on a Unix socket; the file that a daemon has left that is gone is replaced.

    Args:
        path: the socket's path.

    Raises:
        SettingError: it can't be had; the message says why, and what to do.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _check(path)
        os.fchmod(listener.fileno(), stat.S_IRUSR | stat.S_IWUSR)  # the file is made with it
        try:
            listener.bind(path)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            _remove_left_over(path)
            listener.bind(path)
        listener.listen(_BACKLOG)
    except SettingError:
        listener.close()
        raise
    except OSError as error:
        listener.close()
        raise _unusable(path, os.strerror(error.errno or 0)) from None
    listener.setblocking(False)
    return listener


def connect(path: str) -> socket.socket:
    """Connect to the daemon, if it is this user's own.

    Args:
        path: the socket's path.

    Raises:
        OSError: nobody listens there, or another user does.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
        if not is_own(sock):
            raise PermissionError(errno.EPERM, "another user listens there")
    except OSError:
        sock.close()
        raise
    return sock


def is_own(sock: socket.socket) -> bool:
    """Whether at the other end of a connected Unix socket is this process's user, or root."""
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS)
    return int.from_bytes(credentials[4:8], sys.byteorder) in (os.geteuid(), _ROOT)


def _check(path: str) -> None:
    """Refuse a path at which somebody else could put a socket of their own."""
    if not path.startswith("/"):
        raise _unusable(path, "it is no absolute path")
    if len(os.fsencode(path)) > _LONGEST:
        raise _unusable(path, f"it is longer than {_LONGEST} bytes")
    folder = Path(path).parent.stat()
    others = folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if folder.st_uid not in (os.geteuid(), _ROOT) or (others and not folder.st_mode & stat.S_ISVTX):
        raise _unusable(path, "others than its user can write to its folder")


def _remove_left_over(path: str) -> None:
    """Remove a socket's file on which nobody listens any more."""
    if not Path(path).is_socket():
        raise _unusable(path, "a file that is no socket is in its place")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(path) != errno.ECONNREFUSED:
            raise _unusable(path, "somebody listens there already")
    Path(path).unlink()


def _unusable(path: str, reason: str) -> SettingError:
    return SettingError(
        f"WARMKEY_SOCKET is {path!r}, where the endpoint can't listen: {reason}; name a file in a "
        "folder that its user alone can write to, such as /run/warmkey/socket"
    )
