"""Planners of `attach` and `detach`: what is to change about functions, and about their roles."""

from collections.abc import Collection, Iterator
from functools import partial
from typing import Protocol

from ...extension.declared.declarations import MARK
from ..account import Account
from ..layers.choice import LayerChoice
from ..output.failure import Failure
from ..output.plan import NOTHING_SHARED, Plan, Shared
from . import attachment, configuration, environment
from .attachment import AttachRequest
from .configuration import Configuration
from .limits.signatures import Signatures
from .limits.unpacked import Unpacked
from .policies.roles import Roles, Transition
from .store import Functions


class Planner(Protocol):
    """Plans what becomes of functions."""

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function."""

    def share(self, names: Collection[str]) -> Shared:
        """Find out what is to change about the roles of functions that were planned."""


class AttachPlanner:
    """Plans how functions of an account get the layer.

    Args:
        account: The account.
        choice: Which layer a function gets.
        request: What it is to have.
    """

    def __init__(self, account: Account, choice: LayerChoice, request: AttachRequest) -> None:
        self._functions = Functions.of(account)
        self._roles = Roles(account, self._functions)
        self._unpacked = Unpacked(account)
        self._signatures = Signatures(account)
        self._choice = choice
        self._request = request
        self._transitions: dict[str, Transition] = {}

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function.

        Raises:
            Failure: It can't have the layer as requested, demands that it be signed, has no room
                for it, or declares nothing to be allowed.
        """
        before = self._functions.get(name)
        after = self._attached(before)
        self._signatures.check(before, after)
        self._unpacked.check(before, after)
        if self._request.with_policy and not after.parsed.declarations.all():
            raise Failure(
                "no variable of it declares a secret, so there is nothing to allow",
                "attach without --with-policy; `warmkey policy` knows what warmkey.json declares",
            )
        self._transitions[name] = Transition(before, after)
        update = partial(self._functions.update, name, before, after, self._attached)
        shown = configuration.change(before, after)
        notes = (*_lost(before, after), *_not_restored(before, after, self._request.remove))
        return Plan((shown,), update, notes, before.revision)

    def share(self, names: Collection[str]) -> Shared:
        """Find out what is to change about the roles of functions that were planned."""
        if not (self._request.with_policy or self._request.remove):
            return NOTHING_SHARED
        return self._roles.plan({name: self._transitions[name] for name in names})

    def _attached(self, function: Configuration) -> Configuration:
        return attachment.attach(function, self._choice.of(function.architecture), self._request)


class DetachPlanner:
    """Plans how functions of an account lose the layer, and get back what was there.

    Args:
        account: The account.
    """

    def __init__(self, account: Account) -> None:
        self._functions = Functions.of(account)
        self._roles = Roles(account, self._functions)
        self._transitions: dict[str, Transition] = {}

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function."""
        before = self._functions.get(name)
        after = attachment.detach(before)
        self._transitions[name] = Transition(before, after)
        shown = configuration.change(before, after)
        update = partial(self._functions.update, name, before, after, attachment.detach)
        notes = tuple(_missing(before, after)) if shown else ()
        return Plan((shown,), update, notes, before.revision)

    def share(self, names: Collection[str]) -> Shared:
        """Find out what is to change about the roles of functions that were planned."""
        return self._roles.plan({name: self._transitions[name] for name in names})


def _lost(before: Configuration, after: Configuration) -> Iterator[str]:
    """What `detach` will not be able to put back."""
    for name in after.record.lost:
        value = before.variables.get(name, "")
        if value != after.variables.get(name) and not environment.is_public(name, value):
            yield f"the value of {name} is overwritten, and not kept, as it may be a secret"


def _not_restored(
    before: Configuration, after: Configuration, names: Collection[str]
) -> Iterator[str]:
    """What is not as it was before `attach`, though it is to be."""
    for name in (each for each in before.record.lost if each in names):
        if name not in after.variables:
            yield f"{name} had a value that was not kept; set it again"


def _missing(before: Configuration, after: Configuration) -> Iterator[str]:
    """What a function without the layer lacks."""
    yield from _not_restored(before, after, before.record.lost)
    for name, value in sorted(after.variables.items()):
        if value.startswith(MARK):
            yield f"{name} remains {value}, as attach did not set it; nothing reads it any more"
