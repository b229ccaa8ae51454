"""The tokens that the endpoint accepts."""

from __future__ import annotations

import errno
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from ..declared.files import text_file, token_file
from .log.log import Log

_SHORT = 16  # characters; below it, a token can be guessed
_READABLE, _WRITABLE = stat.S_IROTH, stat.S_IWGRP | stat.S_IWOTH
# A file that failed so is not read again until it has changed; see `token_file.read`.
_OF_THE_FILE = (errno.EINVAL, errno.EFBIG)
NONE = (
    "no token is set, so every read is refused: set WARMKEY_TOKEN or WARMKEY_TOKEN_FILE here and "
    "in the programs that read"
)


class Tokens:
    """See the module's text. A token's file is read again when it has changed.

    Args:
        configured: the tokens of the environment.
        path: the file with one more, or None.
        session_token: gives the session token of the credentials in use, if there is any.
        log: told of a file that can't be read.
        read: reads the file; see `token_file.read`.
    """

    __slots__ = ("_configured", "_in_file", "_log", "_path", "_read", "_seen", "_session_token")

    def __init__(
        self,
        configured: tuple[str, ...],
        path: str | None,
        session_token: Callable[[], str | None],
        log: Log,
        read: Callable[[str], str] = token_file.read,
    ) -> None:
        self._configured = configured
        self._path = path
        self._session_token = session_token
        self._log = log
        self._read = read
        self._in_file = ""
        self._seen: tuple[int, ...] = ()  # what the file was when it was read

    def accepted(self) -> list[str]:
        """Those that are accepted now."""
        if self._path:
            self._refresh(self._path)
        session_token = (self._session_token() or "").strip()
        return [token for token in (*self._configured, session_token, self._in_file) if token]

    @property
    def known(self) -> tuple[str, ...]:
        """Those that are known without a look at the file; for any thread."""
        return (*self._configured, self._in_file)

    def warnings(self, *, local: bool) -> Iterator[str]:
        """What looks like a mistake about them, a sentence each.

        Args:
            local: whether they guard but a file of this machine, so that any token will do.
        """
        tokens = self.accepted()
        if not tokens:
            yield NONE
        if not local and any(len(token) < _SHORT for token in tokens):
            yield f"a token has fewer than {_SHORT} characters and may be guessed: take a longer"
        if self._path and (rights := _rights_of_others(self._path)):
            yield (
                f"WARMKEY_TOKEN_FILE names {self._path}, which others can {rights}: "
                "allow its owner alone, as chmod 600 does"
            )

    def _refresh(self, path: str) -> None:
        try:
            about = Path(path).stat()
            seen = about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
            if seen != self._seen:
                self._in_file, self._seen = "", seen
                self._in_file = self._read(path)
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
                self._in_file, self._seen = "", ()
            reason = text_file.why_unreadable(error)
            self._log.warn_once("WARMKEY_TOKEN_FILE can't be read", reason=reason)


def _rights_of_others(path: str) -> str:
    """What others than its owner can do with a file: `read`, `write`, `read and write` or none."""
    try:
        mode = Path(path).stat().st_mode
    except OSError:  # which is told of where it is read
        return ""
    return " and ".join(
        word for word, bits in (("read", _READABLE), ("write", _WRITABLE)) if mode & bits
    )
