"""Secrets from a local file instead of AWS: `warmkey serve --local .env`.

A name in the file is an alias, or a parameter's or secret's name in AWS, which then stands in for
it. The file is read again for each fetch, and no value is cached, so that a change takes effect at
once.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..aws.prefetch import Prefetch
from ..declared.declarations import DeclarationError, Declarations
from ..declared.files import env_file, text_file
from ..declared.reference import Reference
from ..http.failure import Failed, Kind
from ..sources.parameter import Parameter
from ..sources.responses.outcome import Found, Listing, Outcome
from ..sources.source import Source


class LocalFile:
    """A file with secrets, which takes the place of `Upstream`.

    Args:
        path: the file.
        call_soon: has the loop's thread call something.
        deliver: takes what was read, and when in seconds of `time.monotonic`, on the loop's thread.

    Attributes:
        counters: how often it was read, and how often that failed.
    """

    __slots__ = ("_call_soon", "_deliver", "_path", "counters")

    def __init__(
        self,
        path: str,
        call_soon: Callable[[Callable[[], None]], None],
        deliver: Callable[[Mapping[Source, Outcome], float], None],
    ) -> None:
        self._path = path
        self._call_soon = call_soon
        self._deliver = deliver
        self.counters = {"upstreamCalls": 0, "upstreamErrors": 0}

    def resume_from(self, prefetch: Prefetch) -> None:
        """Read what prefetch has left."""
        self.fetch([source for job in prefetch.waiting for source in job])

    def fetch(self, sources: Iterable[Source], _retry: bool = False) -> None:
        """Look sources up in the file as it is now."""
        self.counters["upstreamCalls"] += 1
        sources, began = list(sources), time.monotonic()
        try:
            values, modified = _read(self._path)
        except DeclarationError as error:
            self.counters["upstreamErrors"] += 1
            failed = Failed(Kind.INVALID, str(error))
            outcomes: dict[Source, Outcome] = dict.fromkeys(sources, failed)
        else:
            outcomes = {each: _look_up(each, values, modified, self._path) for each in sources}
        self._call_soon(lambda: self._deliver(outcomes, began))


def declared(declarations: Declarations, path: str) -> Declarations:
    """The declarations, with the file's names as aliases; these win over declared ones.

    Args:
        declarations: what the environment and `warmkey.json` declare.
        path: the file.

    Raises:
        DeclarationError: it is no regular file, can't be read, or has a malformed line.
    """
    names, _ = _read(path)
    own = {name: Reference(Parameter(name)) for name in names if "/" not in name}
    references = {**declarations.references, **own}
    return Declarations(declarations.stage, references, declarations.paths)


def _read(path: str) -> tuple[dict[str, str], float]:
    """The values of a file by name, and when it was written, in seconds since the epoch."""
    try:
        about = Path(path).stat()
        if stat.S_ISFIFO(about.st_mode):  # which would be empty the second time
            raise DeclarationError(f"{path} is read for each fetch: it must be a regular file")
        return env_file.parse(text_file.read(path), path), about.st_mtime
    except (OSError, UnicodeDecodeError) as error:
        reason = text_file.why_unreadable(error)
        raise DeclarationError(f"{path} can't be read: {reason}") from None


def _look_up(source: Source, values: Mapping[str, str], modified: float, path: str) -> Outcome:
    if source.is_path:
        below = f"{source.name}/"
        names = [name for name in values if name.startswith(below)]
        members = {each[len(below) :]: _found(each, values[each], modified) for each in names}
        return Listing(source.name, members)
    if source.name not in values:
        hint = f"add {source.name}=… to it, or its alias"
        return Failed(Kind.MISSING, f"{path} has no {source.name}", hint)
    return _found(source.name, values[source.name], modified)


def _found(name: str, value: str, modified: float) -> Found:
    arn = f"arn:aws:ssm:local::parameter/{name.lstrip('/')}"
    return Found(
        name, value, str(int(modified * 1000)), "SecureString", arn, modified, data_type="text"
    )
