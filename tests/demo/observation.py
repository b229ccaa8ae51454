"""One stage's function, run cold and then warm, and what was seen of it."""

import json
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.demo.stage import Stage
from tests.demo.world import World
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.moto_aws import Caller
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort
from tests.rapid.sandbox import Invocation, Sandbox

ALIAS = "stripeSecretKey"
"""The name by which the example function reads its key."""

PHASES = ("bound", "registering", "sent", "received", "ready")
"""The moments of an extension's cold start that are looked at, in their order."""

_CALLERS: tuple[Caller, ...] = ("function", "extension")


@dataclass(frozen=True, slots=True)
class Payment:
    """What came of one invoke.

    Attributes:
        outcome: `succeeded`, or what went wrong.
        charge: The charge's id; empty when there is none.
        key: The name of the key that made the charge, as Stripe saw it; empty for none.
        took: From the invoke to its answer, in milliseconds.
    """

    outcome: str
    charge: str
    key: str
    took: float


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one execution environment.

    Attributes:
        parameter: The parameter that the extension read, as it says itself; empty for none.
        cold: The first invoke.
        warm: The second.
        inits: How long each init took (the core's INIT REPORT), in milliseconds; one, if all is
            well.
        phases: When the extension reached each of `PHASES`, as far as it says, in milliseconds
            since its main began.
        ssm_calls: Calls to SSM by caller, counted at the server.
        actions: The actions that the extension called there.
        leaked: Whether a key was found in the log, an answer or the extension's status.
        log: What core, extension and function printed.
    """

    parameter: str
    cold: Payment
    warm: Payment
    inits: list[float]
    phases: Mapping[str, float]
    ssm_calls: Mapping[Caller, int]
    actions: Sequence[str]
    leaked: bool
    log: str


def observe(
    stage: Stage, world: World, package: Path, layer: Path, sandbox: type[Sandbox]
) -> Observation:
    """Run the example function in a stage: a cold start, a second invoke, and its end.

    Args:
        stage: The stage; for its time, Stripe takes its key only.
        world: AWS and Stripe.
        package: The function's package.
        layer: The layer's tree.
        sandbox: What runs the function.

    Raises:
        FunctionError: The sandbox did not do what it was asked.
    """
    before, so_far = _calls(world), len(world.aws.calls)
    world.stripe.accept(stage.key)
    with ReservedPort() as port:
        environment = {**world.environment(), "STAGE": stage.name, "WARMKEY_PORT": str(port.number)}
        with sandbox(package=package, layer=layer, environment=environment) as function:
            cold = _pay(function, world, f"{stage.name}-1")
            warm = _pay(function, world, f"{stage.name}-2")
            status = _status(port, environment["AWS_SESSION_TOKEN"])
            function.shutdown()
            inits, log = function.init_reports(), function.log
    return Observation(
        parameter=status.get("secrets", {}).get(ALIAS, {}).get("name", ""),
        cold=cold,
        warm=warm,
        inits=inits,
        phases={name: at for name, at in status.get("phases", {}).items() if name in PHASES},
        ssm_calls={caller: count - before[caller] for caller, count in _calls(world).items()},
        actions=[call.action for call in world.aws.calls[so_far:] if call.caller == "extension"],
        leaked=world.leaks(f"{log}{cold}{warm}{status}"),
        log=log,
    )


def _calls(world: World) -> dict[Caller, int]:
    return {caller: world.aws.count("ssm", caller) for caller in _CALLERS}


def _pay(function: Sandbox, world: World, order: str) -> Payment:
    began = time.perf_counter()
    invocation = function.invoke({"body": json.dumps({"order": order, "notes": 10})})
    took = (time.perf_counter() - began) * 1000
    answer = _answer(invocation)
    charge = answer.get("charge", "")
    keys = {made.id: made.key for made in world.stripe.charges}
    return Payment(answer["status"], charge, keys.get(charge, ""), took)


def _answer(invocation: Invocation) -> dict[str, str]:
    """The body of what the handler returned; what went wrong stands for the status."""
    match invocation.payload:
        case {"body": str(body)}:
            answer = json.loads(body)
            return {"status": answer.get("error", ""), **answer}
        case {"errorMessage": str(message)}:
            return {"status": message}
        case other:
            return {"status": f"HTTP {invocation.status} {other or ''}".strip()}


def _status(port: ReservedPort, token: str) -> dict[str, Any]:
    """The extension's own account of itself, names included; empty when it gives none."""
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(
        f"http://{port.address}/v1/status", headers={TOKEN_HEADER: token}
    )
    try:
        with without_proxy.open(request, timeout=PATIENCE) as reply:
            status: dict[str, Any] = json.load(reply)
            return status
    except (OSError, ValueError):
        return {}
