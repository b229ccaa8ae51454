"""What the daemon says of itself: counts and states, never a value."""

from __future__ import annotations

from . import VERSION, freshness
from .json_field import extract
from .outcome import Failed, Found, Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .cache import Answer, Cache
    from .declarations import Declarations
    from .phases import CallPhases, Phases
    from .reference import Reference

_LATE = Failed("timeout", "it was not there when the prefetch's time was up")


def report(
    declarations: Declarations,
    cache: Cache,
    phases: Phases,
    counters: Mapping[str, int],
    state: str,
    now: float,
) -> dict[str, object]:
    """The status.

    Args:
        declarations: the declared secrets.
        cache: what is held.
        phases: what was over when.
        counters: what was counted.
        state: `starting`, `ready` or `draining`.
        now: the time, in seconds since the epoch.
    """
    return {
        "version": VERSION,
        "state": state,
        "stage": declarations.stage or None,
        "startedAt": round(phases.started_at, 6),
        "phases": _rounded(phases.moments),
        "calls": [_about_call(call) for call in list(phases.calls)],
        "counters": dict(counters),
        "secrets": _first_of_each(_secrets(declarations, cache, now)),
    }


def _rounded(moments: Mapping[str, float]) -> dict[str, float]:
    """Moments in ms; copied first, as another thread may be noting one."""
    return {name: round(moment, 2) for name, moment in dict(moments).items()}


def _about_call(call: CallPhases) -> dict[str, object]:
    return {
        "service": call.service,
        "action": call.action,
        "status": call.status,
        "phases": _rounded(call.moments),
    }


def missing(declarations: Declarations, cache: Cache) -> Iterator[tuple[str, Failed]]:
    """The declared secrets that can't be had, by alias, and why.

    Args:
        declarations: the declared secrets.
        cache: what is held.
    """
    for alias, reference in declarations.by_name():
        answer = cache.peek(reference.source)
        match answer.outcome if answer else None:
            case Found() as found:
                values = {alias: extract(found, reference.field)}
            case Listing(members=members) if not members:
                values = {alias: Failed("missing", "there is no parameter below it")}
            case Listing(members=members):
                values = {name: extract(each, reference.field) for name, each in members.items()}
            case _:
                values = {alias: cache.last_failure(reference.source) or _LATE}
        yield from ((name, value) for name, value in values.items() if isinstance(value, Failed))


def _first_of_each(
    secrets: Iterable[tuple[str, dict[str, object]]],
) -> dict[str, dict[str, object]]:
    """By alias; what was declared itself comes first, and wins over a member of a path."""
    first: dict[str, dict[str, object]] = {}
    for alias, about in secrets:
        first.setdefault(alias, about)
    return first


def _secrets(
    declarations: Declarations, cache: Cache, now: float
) -> Iterator[tuple[str, dict[str, object]]]:
    for alias, reference in declarations.by_name():
        answer = cache.peek(reference.source)
        if answer is not None and isinstance(answer.outcome, Listing) and answer.outcome.members:
            for member, each in answer.outcome.members.items():
                yield member, _about(reference, answer, each, cache, now)
        else:
            found = answer.outcome if answer and isinstance(answer.outcome, Found) else None
            yield alias, _about(reference, answer, found, cache, now)


def _about(
    reference: Reference, answer: Answer | None, found: Found | None, cache: Cache, now: float
) -> dict[str, object]:
    failed = cache.last_failure(reference.source)
    if answer is None or found is None:
        name, state, age, version = reference.source.name, "missing", None, None
    else:
        seconds = freshness.age(answer.fetched_at, now)
        state = freshness.judge(seconds, answer.expires_at - answer.fetched_at)
        name, age, version = found.name, round(seconds, 1), found.version
    return {
        "name": name,
        "state": state,
        "age": age,
        "version": version,
        "error": failed and failed.detail,
    }
