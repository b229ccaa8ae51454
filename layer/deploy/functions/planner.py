"""Planners of `attach` and `detach`: what is to change about one function, and about its role."""

from collections.abc import Iterator
from functools import partial

from ...extension.declared.declarations import MARK
from ..account import Account
from ..iam import role_policy
from ..iam.role_policy import RolePolicies
from ..layers.choice import LayerChoice
from ..output import failure
from ..output.failure import Failure
from ..output.rollout import Plan
from . import attachment, configuration, environment
from .attachment import AttachRequest
from .configuration import Configuration
from .store import Functions


class AttachPlanner:
    """Plans how functions of an account get the layer.

    Args:
        account: The account.
        choice: Which layer a function gets.
        request: What it is to have.
    """

    def __init__(self, account: Account, choice: LayerChoice, request: AttachRequest) -> None:
        self._functions = Functions.of(account)
        self._policies = RolePolicies(account) if request.with_policy else None
        self._choice = choice
        self._request = request

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function, and about its role."""
        before = self._functions.get(name)
        after = self._attached(before)
        update = partial(self._functions.update, name, before, after, self._attached)
        plan = Plan((configuration.change(before, after),), update, tuple(_lost(before, after)))
        if not self._policies:
            return plan
        former = before.record.role
        if former and former != after.record.role:
            plan = _without_policy(plan, self._policies, former, before.policy_name)
        return _with_policy(plan, self._policies, after)

    def _attached(self, function: Configuration) -> Configuration:
        return attachment.attach(function, self._choice.of(function.architecture), self._request)


class DetachPlanner:
    """Plans how functions of an account lose the layer, and get back what was there.

    Args:
        account: The account.
    """

    def __init__(self, account: Account) -> None:
        self._functions = Functions.of(account)
        self._policies = RolePolicies(account)

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function, and about its role."""
        before = self._functions.get(name)
        after = attachment.detach(before)
        shown = configuration.change(before, after)
        update = partial(self._functions.update, name, before, after, attachment.detach)
        plan = Plan((shown,), update, tuple(_missing(before, after)) if shown else ())
        role = before.record.role
        return _without_policy(plan, self._policies, role, before.policy_name) if role else plan


def _with_policy(plan: Plan, policies: RolePolicies, function: Configuration) -> Plan:
    """The plan, and the policy that the function's role needs for what its variables declare."""
    role, name, parsed = function.record.role, function.policy_name, function.parse()
    needed, unknown = policies.needed(
        parsed.declarations.all(), function.place, parsed.settings.max_connections
    )
    granted = role_policy.change(role, name, policies.read(role, name), needed)

    def carry_out() -> None:
        if granted:  # first, so that the function may read when it starts anew
            policies.put(role, name, needed)
        try:
            plan.carry_out()
        except (Failure, *failure.OF_AWS) as error:
            if not granted:
                raise
            raise Failure(
                f"{_message(error)}; role {role} has the inline policy {name} all the same",
                "run this again, or delete the policy by hand",
            ) from error

    return Plan((granted, *plan.changes), carry_out, (*plan.notes, *unknown))


def _without_policy(plan: Plan, policies: RolePolicies, role: str, name: str) -> Plan:
    """The plan, after which a role no longer has a policy."""
    gone = role_policy.change(role, name, policies.read(role, name), None)

    def carry_out() -> None:
        plan.carry_out()
        try:
            if gone:
                policies.delete(role, name)
        except failure.OF_AWS as error:
            raise Failure(
                f"done, but role {role} still has the inline policy {name}: {_message(error)}",
                "delete it by hand",
            ) from error

    return Plan((*plan.changes, gone), carry_out, plan.notes)


def _lost(before: Configuration, after: Configuration) -> Iterator[str]:
    """What `detach` will not be able to put back."""
    for name in after.record.lost:
        value = before.variables.get(name, "")
        if value != after.variables.get(name) and not environment.is_public(name, value):
            yield f"the value of {name} is overwritten, and not kept, as it may be a secret"


def _missing(before: Configuration, after: Configuration) -> Iterator[str]:
    """What a function without the layer lacks."""
    for name in (each for each in before.record.lost if each not in after.variables):
        yield f"{name} had a value that was not kept; set it again"
    for name, value in sorted(after.variables.items()):
        if value.startswith(MARK):
            yield f"{name} remains {value}, as attach did not set it; nothing reads it any more"


def _message(error: Exception) -> str:
    """What an error of AWS's, or of this command, says."""
    return str(failure.of_aws(error) if isinstance(error, failure.OF_AWS) else error)
