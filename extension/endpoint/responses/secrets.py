"""Responses of the endpoint: from a query and the entries of the store."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from ...cache.entry import Entry, State
from ...cache.pending_read import Entries
from ...declared.declarations import Declarations
from ...declared.reference import Reference
from ...http.failure import Failed
from ...http.messages import Response
from ...sources.responses.outcome import Found, Listing
from .. import value
from ..requests import aws_api
from ..requests.routes import ReadAll, ReadSecret
from . import problem, representation
from .all_secrets import AllSecrets
from .problem import Problem

# A step's work: so many small values, or fewer larger ones; half a millisecond.
_AT_ONE_GO = 100
_SMALL = 2048  # characters


def candidates(declarations: Declarations, alias: str) -> Sequence[Reference]:
    """What an alias may stand for: what was declared so, or else a member of any declared path."""
    if alias in declarations.references:
        return (declarations.references[alias],)
    return [replace(path, member=alias) for path in declarations.paths]


def of_secret(
    query: ReadSecret, declarations: Declarations, entries: Entries, now: float
) -> Response | Problem:
    """The response to a read of one secret.

    Args:
        query: the read.
        declarations: the declared secrets; the first that the alias may stand for counts.
        entries: the entries of all candidates.
        now: the time, in seconds since the epoch.
    """
    for reference in candidates(declarations, query.alias):
        result = _secret(query.alias, reference, entries[reference.source])
        if isinstance(result, Problem):
            return result
        if result is not None:
            form = representation.as_json if query.as_json else representation.bare
            return form(result, now)
    return no_such_alias(query.alias, declarations)


def of_all(
    query: ReadAll, declarations: Declarations, entries: Entries
) -> Generator[None, None, Response | Problem]:
    """The response to a read of every secret; one that can't be had fails it, and is named.

    One that is optional and does not exist is left out.

    Yields:
        Nothing, after each step.

    Returns:
        The response.
    """
    secrets, work = AllSecrets(query.form, declarations.references), 0
    for alias, reference in _every(declarations, entries):
        if work >= _AT_ONE_GO:
            work = 0
            yield
        found = value.of(reference, entries[reference.source].outcome)
        if isinstance(found, value.Value):
            secrets.add(alias, found.content)
            work += 1 + len(found.found.value or "") // _SMALL
        elif found is not None and not value.is_left_out(reference, found):
            return problem.of_failure(found, alias)
    return secrets.response()


def of_source(query: aws_api.ReadSource, entry: Entry, now: float) -> Response | Problem:
    """The response to a read by name upstream, as AWS's extension gives it."""
    match entry.outcome:
        case Found() as found:
            return aws_api.represent(query.source, found, entry, now)
        case Failed() as failed:
            return problem.of_failure(failed, query.source.name, as_aws=True)
        case Listing():
            raise AssertionError("a source with a name of its own is not a path")


def no_such_alias(alias: str, declarations: Declarations) -> Problem:
    """The problem of an alias that stands for nothing."""
    declared = ", ".join(name for name, _ in declarations.by_name()) or "none"
    detail = f"no secret is declared as {alias[:64]!r}; declared here: {declared}"
    hint = "declare it in warmkey.json, or as a variable whose value is warmkey:REFERENCE"
    return Problem(404, "alias", detail, hint)


def not_declared(name: str) -> Problem:
    """The problem of a name upstream that `WARMKEY_ALLOW=declared` keeps out."""
    detail = f"{name[:64]!r} is not declared, and WARMKEY_ALLOW is declared"
    hint = "declare it, or set WARMKEY_ALLOW to any"
    return Problem(403, "not-declared", detail, hint)


def _every(declarations: Declarations, entries: Entries) -> Iterator[tuple[str, Reference]]:
    """Every alias, those of paths too; one that was declared itself wins over a path's member."""
    seen = set[str]()
    for path in declarations.paths:
        match entries[path.source].outcome:
            case Listing(members=members):
                for name in members:
                    if name not in seen:
                        seen.add(name)
                        member = replace(path, member=name)
                        yield name, declarations.references.get(name, member)
            case _:
                yield f"{path.source.name}/*", path
    for alias, reference in declarations.references.items():
        if alias not in seen:
            yield alias, reference


def _secret(
    alias: str, reference: Reference, entry: Entry
) -> representation.Secret | Problem | None:
    """The secret, why it can't be had, or None where a path has no such member."""
    found = value.of(reference, entry.outcome)
    match found:
        case value.Value():
            if found.is_default:
                entry = replace(entry, state=State.DEFAULT)
            return representation.Secret(alias, found.content, found.found, entry)
        case Failed() if value.is_left_out(reference, found):
            return replace(problem.of_failure(found, alias), status=404)
        case Failed():
            return problem.of_failure(found, alias)
    return None
