"""What the daemon says of itself: counts and states, never a value."""

from __future__ import annotations

from . import VERSION, freshness
from .outcome import Found, Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .cache import Answer, Cache
    from .declarations import Declarations
    from .reference import Reference


def report(
    declarations: Declarations,
    cache: Cache,
    phases: Mapping[str, float],
    counters: Mapping[str, int],
    state: str,
    now: float,
) -> dict[str, object]:
    """The status.

    Args:
        declarations: the declared secrets.
        cache: what is held.
        phases: the moments of this cold start, in ms since its beginning.
        counters: what was counted.
        state: `starting`, `ready` or `draining`.
        now: the time, in seconds since the epoch.
    """
    return {
        "version": VERSION,
        "state": state,
        "stage": declarations.stage or None,
        "phases": {name: round(moment, 2) for name, moment in phases.items()},
        "counters": dict(counters),
        "secrets": dict(_secrets(declarations, cache, now)),
    }


def _secrets(
    declarations: Declarations, cache: Cache, now: float
) -> Iterator[tuple[str, dict[str, object]]]:
    for alias, reference in declarations.by_name():
        answer = cache.peek(reference.source)
        if answer is not None and isinstance(answer.outcome, Listing):
            for member, each in answer.outcome.members.items():
                yield member, _about(reference, answer, each, cache, now)
        else:
            found = answer.outcome if answer and isinstance(answer.outcome, Found) else None
            yield alias, _about(reference, answer, found, cache, now)


def _about(
    reference: Reference, answer: Answer | None, found: Found | None, cache: Cache, now: float
) -> dict[str, object]:
    error = cache.last_error(reference.source) or None
    if answer is None or found is None:
        name, state, age, version = reference.source.name, "missing", None, None
    else:
        seconds = freshness.age(answer.fetched_at, now)
        state = freshness.judge(seconds, answer.expires_at - answer.fetched_at)
        name, age, version = found.name, round(seconds, 1), found.version
    return {"name": name, "state": state, "age": age, "version": version, "error": error}
