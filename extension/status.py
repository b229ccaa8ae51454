"""What the daemon says of itself: counts and states, never a value."""

from __future__ import annotations

from . import VERSION, freshness
from .outcome import Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cache import Cache
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
        "secrets": {
            alias: _secret(reference, cache, now)
            for alias, reference in declarations.references.items()
        },
    }


def _secret(reference: Reference, cache: Cache, now: float) -> dict[str, object]:
    answer = cache.peek(reference.source)
    about: dict[str, object] = {
        "name": reference.source.name,
        "state": "missing",
        "age": None,
        "version": None,
        "error": cache.last_error(reference.source) or None,
    }
    if answer is None or not isinstance(answer.outcome, Found):
        return about
    age = freshness.age(answer.fetched_at, now)
    ttl = answer.expires_at - answer.fetched_at
    held = {"state": freshness.judge(age, ttl), "age": round(age, 1)}
    return {**about, **held, "version": answer.outcome.version}
