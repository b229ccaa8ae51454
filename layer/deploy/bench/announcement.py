"""The announcement: what a bench is going to do, how long that takes, and what it costs."""

from collections.abc import Iterator

from . import price
from .price import dollars
from .starts.rounds import DISCARDED
from .target.arm import Arm
from .target.original import Original
from .target.target import Target

_UPDATE = 4  # seconds that a change of configuration and a start take, as a rule
_SNAPSHOT = 150  # seconds that it takes to publish a version with a snapshot, as a rule
_GUESS = 1000  # milliseconds billed for a start, as a guess
_INIT = 10_000  # milliseconds: the longest init phase


def lines(original: Original, target: Target, runs: int) -> Iterator[str]:
    """What an operator should know before it begins.

    Args:
        original: What is to be measured.
        target: Where.
        runs: How many pairs of starts.
    """
    starts = starts_of(runs)
    first, second = target.arms
    yield (
        f"{_named(original)}: {runs} pairs of cold starts, alternately {first.label} "
        f"({_layers(first)}) and {second.label} ({_layers(second)}), after {DISCARDED} pair that "
        "is discarded"
    )
    yield from _where(original, target)
    yield (
        "every start invokes the handler, with its role's permissions: whatever it writes, sends "
        f"or charges happens {starts} times"
    )
    yield f"takes about {_time(original, starts)} and costs {_cost(original, starts)}"


def starts_of(runs: int) -> int:
    """How many starts these runs take, in both arms, if none has to be repeated."""
    return 2 * (DISCARDED + runs)


def _where(original: Original, target: Target) -> Iterator[str]:
    if target.shared:
        yield (
            "changes the function itself: whoever calls its $LATEST meanwhile gets the one or the "
            "other, and cold starts"
        )
    else:
        yield (
            "creates two copies of it and deletes them at the end; nobody else calls them, and the "
            f"function stays as it is; they log to {original.log_group}"
        )
    killed = "everything is restored at the end and after Ctrl-C; if this is killed, restore it by:"
    yield "\n".join([killed, *(f"  {command}" for command in target.by_hand())])


def _named(original: Original) -> str:
    version = f":{original.qualifier}" if original.qualifier else ""
    found = original.configuration
    snapshot = ", SnapStart" if original.snap_start else ""
    facts = f"{found.runtime}, {found.architecture}, {original.memory} MB{snapshot}"
    return f"{found.name}{version} in {found.region} ({facts})"


def _layers(arm: Arm) -> str:
    count = len(arm.configuration.layers)
    return f"{count} layer" if count == 1 else f"{count} layers"


def _time(original: Original, starts: int) -> str:
    seconds = starts * (_SNAPSHOT if original.snap_start else _UPDATE)
    if seconds < 2 * 60 * 60:
        return f"{max(2, seconds / 60):.0f} minutes"
    return f"{seconds / 3600:.0f} hours"


def _cost(original: Original, starts: int) -> str:
    tariff = original.tariff
    likely = tariff.cost(starts, starts * _GUESS)
    most = tariff.cost(starts, starts * (_INIT + 1000 * original.timeout))
    return (
        f"about {dollars(likely)} if each start is billed for {_GUESS / 1000:.0f} s, at most "
        f"{dollars(most)} if each runs to its time limits (prices of {price.AS_OF} in "
        f"{price.REGION}; what the function itself uses is not included)"
    )
