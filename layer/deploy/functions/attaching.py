"""Attaching and detaching: what `attachment` plans and `functions` does, with the role's policy."""

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
from . import attachment, configuration, environment, record
from .attachment import Wish
from .configuration import Configuration
from .store import Functions


class Attaching:
    """Attaches the layer to functions of an account.

    Args:
        account: The account.
        choice: Which layer a function gets.
        wish: What it is to have.
    """

    def __init__(self, account: Account, choice: LayerChoice, wish: Wish) -> None:
        self._functions = Functions.of(account)
        self._policies = RolePolicies(account) if wish.with_policy else None
        self._choice = choice
        self._wish = wish

    def plan(self, name: str) -> Plan:
        """Find out what is to change about a function, and about its role."""
        before = self._functions.get(name)
        after = self._attached(before)
        shown = configuration.change(before, after)
        update = partial(self._functions.update, name, self._attached, shown)
        plan = Plan((shown,), update, tuple(_lost(before, after)))
        if not self._policies:
            return plan
        plan = self._without_former_role(plan, before, after, self._policies)
        return self._with_policy(plan, after, self._policies)

    def _attached(self, function: Configuration) -> Configuration:
        return attachment.attach(function, self._choice.of(function.architecture), self._wish)

    def _without_former_role(
        self, plan: Plan, before: Configuration, after: Configuration, policies: RolePolicies
    ) -> Plan:
        """The plan; where the function has another role by now, the former loses its policy."""
        former, called = record.of(before.variables).role, role_policy.name_for(before)
        if former in ("", record.of(after.variables).role):
            return plan
        return _deprived(plan, policies, former, called)

    def _with_policy(self, plan: Plan, after: Configuration, policies: RolePolicies) -> Plan:
        role, called = record.of(after.variables).role, role_policy.name_for(after)
        needed, unknown = policies.needed(after)
        granted = role_policy.change(role, called, policies.read(role, called), needed)

        def carry_out() -> None:
            if granted:  # first, so that the function may read when it starts anew
                policies.put(role, called, needed)
            try:
                plan.carry_out()
            except (Failure, *failure.OF_AWS) as error:
                if not granted:
                    raise
                raise Failure(
                    f"{_said(error)}; role {role} has the inline policy {called} all the same",
                    "run this again, or delete the policy by hand",
                ) from error

        return Plan((granted, *plan.changes), carry_out, (*plan.notes, *unknown))


class Detaching:
    """Takes the layer off functions of an account, and puts back what was there.

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
        update = partial(self._functions.update, name, attachment.detach, shown)
        plan = Plan((shown,), update, tuple(_missing(before, after)) if shown else ())
        role = record.of(before.variables).role
        called = role_policy.name_for(before)
        return _deprived(plan, self._policies, role, called) if role else plan


def _deprived(plan: Plan, policies: RolePolicies, role: str, called: str) -> Plan:
    """A plan after which a role has not got a policy any more."""
    gone = role_policy.change(role, called, policies.read(role, called), None)

    def carry_out() -> None:
        plan.carry_out()
        try:
            if gone:
                policies.delete(role, called)
        except failure.OF_AWS as error:
            raise Failure(
                f"done, but role {role} still has the inline policy {called}: {_said(error)}",
                "delete it by hand",
            ) from error

    return Plan((*plan.changes, gone), carry_out, plan.notes)


def _lost(before: Configuration, after: Configuration) -> Iterator[str]:
    """What `detach` will not be able to put back."""
    for name in record.of(after.variables).lost:
        value = before.variables.get(name, "")
        if value != after.variables.get(name) and not environment.is_public(name, value):
            yield f"the value of {name} is overwritten, and not kept, as it may be a secret"


def _missing(before: Configuration, after: Configuration) -> Iterator[str]:
    """What a function without the layer lacks."""
    for name in (each for each in record.of(before.variables).lost if each not in after.variables):
        yield f"{name} had a value that was not kept; set it again"
    for name, value in sorted(after.variables.items()):
        if value.startswith(MARK):
            yield f"{name} remains {value}, as attach did not set it; nothing reads it any more"


def _said(error: Exception) -> str:
    """What an error of AWS's, or of this command, says."""
    told = failure.of_aws(error) if isinstance(error, failure.OF_AWS) else error
    return str(told)
