"""What the main job promises of each stage, held against what was seen."""

from collections.abc import Iterator, Mapping

from tests.demo.observation import PHASES, Observation, Payment
from tests.demo.stage import Stage
from tests.fakes.moto_aws import Caller

SSM_CALLS: Mapping[Caller, int] = {"function": 0, "extension": 1}
"""Calls to SSM for each cold start, by caller."""

SSM_ACTION = "GetParameters"
"""What that call is: the function declares two parameters, and one call reads both."""


def broken(stage: Stage, seen: Observation) -> list[str]:
    """Say what was not as promised, each in a sentence; nothing where all is well."""
    return [f"{stage.name}: {sentence}." for sentence in _sentences(stage, seen)]


def _sentences(stage: Stage, seen: Observation) -> Iterator[str]:
    yield from _of_payment("cold", stage, seen.cold)
    yield from _of_payment("warm", stage, seen.warm)
    if seen.parameter != stage.parameter:
        yield f"the extension read {seen.parameter or 'nothing'} instead of {stage.parameter}"
    for caller, promised in SSM_CALLS.items():
        counted = seen.ssm_calls[caller]
        if counted != promised:
            yield f"calls to SSM by the {caller}: {counted} instead of {promised}"
    if list(seen.actions) != [SSM_ACTION]:
        yield f"the extension called {list(seen.actions)} instead of {SSM_ACTION}"
    if len(seen.inits) != 1:
        yield f"the environment was initialised {len(seen.inits)} times instead of once"
    if missing := [phase for phase in PHASES if phase not in seen.phases]:
        yield f"/v1/status lacks the phases {', '.join(missing)}"
    if seen.leaked:
        yield "a key was found in the log, an answer or /v1/status"


def _of_payment(which: str, stage: Stage, payment: Payment) -> Iterator[str]:
    if payment.outcome != "succeeded":
        yield f"the {which} payment did not succeed: {payment.outcome}"
    elif payment.key != stage.key:
        yield f"the {which} payment was made with the key {payment.key!r} instead of {stage.key!r}"
