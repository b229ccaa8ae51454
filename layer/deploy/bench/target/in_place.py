"""A function that is measured in place: it becomes each arm in turn, and in the end what it was.

Whoever calls its `$LATEST` meanwhile meets whatever it is at that moment, and a cold start.
"""

import json
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...functions import configuration, environment
from ...functions.configuration import Configuration
from ...functions.store import Functions
from ...output.change import Change
from ..retry import retry
from .arm import MARK, Arm

_RETRY_SECONDS = 300.0


class InPlaceTarget:
    """The function that is measured in place.

    Args:
        functions: Those of its account and region.
        before: What it is like.
        arms: What it is to be like.
        sleep: Waits for so many seconds.

    Attributes:
        arms: What is measured.
        shared: Yes: both are this one function.
    """

    shared = True

    def __init__(
        self,
        functions: Functions,
        before: Configuration,
        arms: Sequence[Arm],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.arms = arms
        self._functions = functions
        self._before = before
        self._sleep = sleep

    def changes(self) -> list[Change]:
        """What becomes of it for each arm."""
        return [
            replace(
                configuration.change(
                    self._before, replace(arm.configuration, variables=arm.marked("ROUND"))
                ),
                subject=f"function {self._before.name} itself, at times, to be {arm.label}",
            )
            for arm in self.arms
        ]

    def prepare(self) -> None:
        """Nothing has to be made."""

    def put_back(self) -> None:
        """Make it what it was; what somebody else has changed meanwhile stays."""
        retry(self._put_back_once, self._sleep, _RETRY_SECONDS)

    def by_hand(self) -> list[str]:
        """A command that reads its variables, and writes them back without this bench's."""
        name, region = self._before.name, self._before.region
        where = f"--region {region} --function-name {name}"
        edit = f"del({', '.join(f'.Variables.{each}' for each in (MARK, *self._added()))})"
        edit += f" | .Variables += {json.dumps(self._lost())} | {{Variables}}"
        read = f"aws lambda get-function-configuration {where} --query Environment --output json"
        layers = shlex.join(self._before.layers or ["[]"])
        return [
            f"aws lambda update-function-configuration {where} --layers {layers} "
            f'--environment "$({read} | jq -c {shlex.quote(edit)})"'
        ]

    def _put_back_once(self) -> None:
        now = self._functions.get(self._before.name)
        after = restored(now, self._before, self.arms)
        if configuration.change(now, after):
            self._functions.begin(after)
            self._functions.get(after.name)

    def _added(self) -> list[str]:
        names = {name for arm in self.arms for name in arm.configuration.variables}
        return sorted(names - set(self._before.variables))

    def _lost(self) -> dict[str, str]:
        """What an arm changes or lacks; that is what `attach` has set, and no secret."""
        return {
            name: value
            for name, value in self._before.variables.items()
            if any(arm.configuration.variables.get(name) != value for arm in self.arms)
            and environment.is_public(name, value)
        }


def restored(now: Configuration, before: Configuration, arms: Sequence[Arm]) -> Configuration:
    """What a function is to be like after a bench.

    Args:
        now: What it is like; somebody else may have changed it meanwhile, and theirs stays.
        before: What it was like.
        arms: What the bench made of it.
    """
    made = [arm.configuration for arm in arms]
    variables = {name: value for name, value in now.variables.items() if name != MARK}
    for name in {name for each in (before, *made) for name in each.variables}:
        if now.variables.get(name) in [each.variables.get(name) for each in made]:
            variables.pop(name, None)
            if name in before.variables:
                variables[name] = before.variables[name]
    ours = now.layers in [each.layers for each in made]
    return replace(now, variables=variables, layers=before.layers if ours else now.layers)
