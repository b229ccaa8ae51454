r"""Secrets of a file on this machine, in AWS's place: `warmkey serve --local .env`.

The file is the usual list of `NAME=value`. A name is an alias, or a parameter or secret as it is
called upstream, which then serves whatever reads that. It is read again for each fetch, and values
are not kept meanwhile, so that a change counts at once.

Syntax: as `docker run --env-file` and most tools read it; a line may begin with `export`, a value
may stand in quotes, and in double quotes `\n`, `\t`, `\"` and `\\` are what they are in JSON.
"""

from __future__ import annotations

import posix

from . import json_text, text_file
from .declarations import DeclarationError, Declarations
from .outcome import Failed, Found, Listing
from .reference import Parameter, ParameterPath, Reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .outcome import Outcome
    from .prefetch import Prefetch
    from .reference import Source


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with what a laptop need not set: a region, and that nothing is kept."""
    given = {name: value for name, value in environ.items() if value}
    return {"AWS_REGION": "local", "WARMKEY_TTL": "0", **given}


def parse(text: str, path: str) -> dict[str, str]:
    """The values of a file, by name.

    Args:
        text: the file's text.
        path: its path, for messages.

    Raises:
        DeclarationError: a line is no `NAME=value`; the message has its number, not its text.
    """
    values = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise DeclarationError(f"{path}, line {number}: it must be NAME=value")
        values[name.strip()] = _unquoted(value.strip(), f"{path}, line {number}")
    return values


def _unquoted(value: str, place: str) -> str:
    quote = value[:1]
    if quote not in ("'", '"'):
        return value.partition(" #")[0].rstrip()
    end = value.rfind(quote)
    rest = value[end + 1 :].strip()
    if end == 0 or (rest and not rest.startswith("#")):
        raise DeclarationError(f"{place}: the value's quote is not closed at its end")
    if quote == "'":
        return value[1:end]
    try:
        return str(json_text.decode(value[: end + 1]))
    except json_text.MalformedJson:
        pass  # nor is anything raised from it: it may hold the value
    raise DeclarationError(f'{place}: between double quotes, write \\ as \\\\ and " as \\"')


class LocalFile:
    """A file with secrets, in the place of `Upstream`.

    Args:
        path: the file.
        call_soon: has the loop's thread call something.
        deliver: takes what was read, on the loop's thread.

    Attributes:
        counters: the times it was read, and those that failed.
    """

    __slots__ = ("_call_soon", "_deliver", "_path", "counters")

    def __init__(
        self,
        path: str,
        call_soon: Callable[[Callable[[], None]], None],
        deliver: Callable[[Mapping[Source, Outcome]], None],
    ) -> None:
        self._path = path
        self._call_soon = call_soon
        self._deliver = deliver
        self.counters = {"upstreamCalls": 0, "upstreamErrors": 0}

    def take_over(self, prefetch: Prefetch) -> None:
        """Read what prefetch has left."""
        self.fetch([source for job in prefetch.waiting for source in job])

    def fetch(self, sources: Iterable[Source], _patient: bool = False) -> None:
        """Look sources up in the file as it is now."""
        self.counters["upstreamCalls"] += 1
        sources = list(sources)
        try:
            values, modified = parse(text_file.read(self._path), self._path), self._modified()
        except (OSError, ValueError) as error:
            self.counters["upstreamErrors"] += 1
            what = str(error) if isinstance(error, DeclarationError) else type(error).__name__
            failed = Failed("broken", f"{self._path} can't be read: {what}")
            outcomes: dict[Source, Outcome] = dict.fromkeys(sources, failed)
        else:
            outcomes = {each: _look_up(each, values, modified, self._path) for each in sources}
        self._call_soon(lambda: self._deliver(outcomes))

    def _modified(self) -> float:
        return posix.stat(self._path).st_mtime


def declared(declarations: Declarations, path: str) -> Declarations:
    """What is declared beside a file: its own names too, which win over what these stood for.

    Args:
        declarations: what the environment and `warmkey.json` declare.
        path: the file.

    Raises:
        DeclarationError: it can't be read, or a line of it is malformed.
    """
    try:
        names = parse(text_file.read(path), path)
    except (OSError, UnicodeDecodeError) as error:
        reason = posix.strerror(getattr(error, "errno", 0) or 0)
        raise DeclarationError(f"{path} can't be read: {reason}; name a text file") from None
    own = {name: Reference(Parameter(name)) for name in names if "/" not in name}
    references = {**declarations.references, **own}
    return Declarations(declarations.stage, references, declarations.paths)


def _look_up(source: Source, values: Mapping[str, str], modified: float, path: str) -> Outcome:
    if isinstance(source, ParameterPath):
        below = f"{source.name}/"
        names = [name for name in values if name.startswith(below)]
        members = {each[len(below) :]: _found(each, values[each], modified) for each in names}
        return Listing(source.name, members)
    if source.name not in values:
        hint = f"add {source.name}=… to it, or its alias"
        return Failed("missing", f"{path} has no {source.name}", hint)
    return _found(source.name, values[source.name], modified)


def _found(name: str, value: str, modified: float) -> Found:
    arn = f"arn:aws:ssm:local::parameter/{name.lstrip('/')}"
    return Found(
        name, value, str(int(modified * 1000)), "SecureString", arn, modified, data_type="text"
    )
