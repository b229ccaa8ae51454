"""What the daemon says of itself: counts and states, never a value."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace

from ... import VERSION
from ...cache.cache import Cache
from ...cache.entry import Entry, State
from ...declared.declarations import Declarations
from ...declared.reference import Reference
from ...http.failure import Failed, Kind
from ...http.json_text import encode
from ...sources.responses.outcome import Found, Listing, Outcome
from .. import value

Report = Generator[None, None, str]  # made in steps
About = tuple[str, dict[str, object]]  # an alias, and what is said of it

_AT_ONE_GO = 50  # secrets: half a millisecond's work
_EMPTY = Failed(Kind.MISSING, "there is no parameter below it")
_LATE = Failed(Kind.TIMEOUT, "it had not arrived when the prefetch timed out")


def report(
    declarations: Declarations,
    cache: Cache,
    start: Mapping[str, object],
    counters: Mapping[str, int],
    state: str,
    now: float,
    clean: Callable[[str], str] = str,
    *,
    authenticated: bool,
) -> Report:
    """The status, as JSON; made in steps, as there may be thousands of secrets.

    Who has not shown the token is told no name upstream and no message, which may name an account,
    a role or a key.

    Args:
        declarations: the declared secrets.
        cache: what is held.
        start: what is told of the start; see `run.phases`.
        counters: what was counted.
        state: `starting`, `ready` or `draining`.
        now: the time, in seconds since the epoch.
        clean: takes secrets out of a text.
        authenticated: whether it is for somebody who has shown the token.

    Yields:
        Nothing, after each step.

    Returns:
        The text.
    """
    about: dict[str, object] = {
        "version": VERSION,
        "state": state,
        "stage": declarations.stage or None,
        **start,
        "counters": dict(counters),
        "cache": {
            "entries": cache.usage.entries,
            "bytes": cache.usage.bytes,
            "maxBytes": cache.usage.most_bytes,
        },
        "secrets": {},
    }
    secrets: list[str] = []
    for alias, told in _first_of_each(_secrets(declarations, cache, now, clean, authenticated)):
        if secrets and len(secrets) % _AT_ONE_GO == 0:
            yield
        secrets.append(encode({alias: told})[1:-1])
    # The encoder would take them all in one go; so what is in the last braces is joined here.
    return encode(about).removesuffix("}}") + ",".join(secrets) + "}}"


def missing(declarations: Declarations, cache: Cache) -> Iterator[tuple[str, Failed]]:
    """The declared secrets that can't be had, by alias, and why.

    Args:
        declarations: the declared secrets.
        cache: what is held.
    """
    for alias, reference in declarations.by_name():
        entry = cache.peek(reference.source)
        outcome = entry.outcome if entry else cache.last_failure(reference.source) or _LATE
        if isinstance(outcome, Listing):
            members = {name: replace(reference, member=name) for name in outcome.members}
            found = {name: value.of(each, outcome) for name, each in members.items()}
            found = found or {alias: _EMPTY}
        else:
            found = {alias: value.of(reference, outcome)}
        for name, each in found.items():
            if isinstance(each, Failed) and not value.is_left_out(reference, each):
                yield name, each


def _first_of_each(secrets: Iterable[About]) -> Iterator[About]:
    """By alias; what was declared itself comes first, and wins over a member of a path."""
    seen = set[str]()
    for alias, about in secrets:
        if alias not in seen:
            seen.add(alias)
            yield alias, about


def _secrets(
    declarations: Declarations,
    cache: Cache,
    now: float,
    clean: Callable[[str], str],
    authenticated: bool,
) -> Iterator[About]:
    aliases = len(declarations.references)
    for number, (alias, reference) in enumerate(declarations.by_name(), 1):
        entry, failed = cache.peek(reference.source), cache.last_failure(reference.source)
        failed = replace(failed, detail=clean(failed.detail)) if failed else None
        values = _values(alias, entry)
        if entry is None or not values:
            # A path has no alias, and stands here by its name upstream.
            label = alias if authenticated or number <= aliases else f"path {number - aliases}"
            about = _about(_without_value(reference, entry), None, failed)
            more = _names(reference.source.name, None, None, failed)
            yield label, {**about, **(more if authenticated else {})}
            continue
        seconds, state = entry.age(now), entry.freshness(now).value
        for each, found in values.items():
            about = _about(_by_declaration(reference, found) or state, round(seconds, 1), failed)
            more = _names(found.name, found.version, found.arn, failed)
            yield each, {**about, **(more if authenticated else {})}


def _values(alias: str, entry: Entry | None) -> Mapping[str, Found]:
    """What is held, by alias: the value itself, or a path's members."""
    match entry.outcome if entry else None:
        case Found() as found:
            return {alias: found}
        case Listing(members=members):
            return members
        case _:
            return {}


def _without_value(reference: Reference, entry: Entry | None) -> str:
    """The state of what has no value: `missing`, or what its declaration says of that."""
    if entry is None:
        return "missing"
    outcome = _EMPTY if isinstance(entry.outcome, Listing) else entry.outcome
    return _by_declaration(reference, outcome) or "missing"


def _by_declaration(reference: Reference, outcome: Outcome) -> str:
    """What a declaration says of what is missing: `default` or `absent`; else nothing."""
    if not reference.may_be_missing:
        return ""
    match value.of(reference, outcome):
        case value.Value(is_default=True):
            return State.DEFAULT.value
        case Failed() as failed if value.is_left_out(reference, failed):
            return State.ABSENT.value
    return ""


def _about(state: str, age: float | None, failed: Failed | None) -> dict[str, object]:
    return {"state": state, "age": age, "errorKind": failed.kind.value if failed else None}


def _names(
    name: str, version: str | None, arn: str | None, failed: Failed | None
) -> dict[str, object]:
    error = failed.detail if failed else None
    return {"name": name, "version": version, "arn": arn, "error": error}
