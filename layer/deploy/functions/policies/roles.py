"""The roles of functions: each gets one inline policy, for all functions of a region that have it.

IAM allows 10,240 characters of inline policies to a role, and functions of a role read much the
same; a policy for each of them would be refused after some fifty. What stands in the policy is
derived from the variables of the functions that attach has recorded the role of. So it comes out
the same in whatever order they are attached, detached and tried again.
"""

import threading
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ...account import Account
from ...iam import role_policy
from ...iam.role_policy import Need, RolePolicies
from ...output import batch
from ...output.failure import Failure
from ...output.plan import Shared, SharedPlan
from ..configuration import Configuration
from ..store import AT_ONCE, Functions
from .shared_policy import SharedPolicy

_OF_AWS = ("/aws-service-role/", "/aws-reserved/")
"""Paths of roles that IAM lets nobody change: those linked to a service, and IAM Identity Center's.
https://repost.aws/knowledge-center/identity-center-aws-reserved-sso
"""


class Transition(NamedTuple):
    """A function as it is, and as it is to be."""

    before: Configuration
    after: Configuration


Transitions = Mapping[str, Transition]
"""Functions that are to change, by the name that the operator gave."""


class Roles:
    """Plans what becomes of the policies of functions' roles.

    Args:
        account: The account, in the functions' region.
        functions: Its functions.
    """

    def __init__(self, account: Account, functions: Functions) -> None:
        self._functions = functions
        self._policies = RolePolicies(account)

    def plan(self, transitions: Transitions) -> Shared:
        """What becomes of the role of each of these functions; changes nothing.

        Returns:
            What they share, by role; for each function whose role can't be changed, why not.
        """
        by_role = _by_role(transitions)
        others = _Others(self._functions, {each.before.arn for each in transitions.values()})
        planned = batch.run(
            [*by_role],
            lambda role: self._plan(role, by_role[role], others),
            None,
            doing="",
            at_once=AT_ONCE,
        )
        failed = {name: why for role, why in planned.failed.items() for name in by_role[role]}
        common = {f"role {role}": each for role, each in planned.done.items() if each}
        return batch.Batch(common, failed, stopped=planned.stopped)

    def _plan(self, role: str, having: Transitions, others: "_Others") -> SharedPlan | None:
        """What becomes of a role's policy; None where Warmkey has, and gets, no part in it."""
        function = next(iter(having.values())).before  # all of them are in one region
        name = role_policy.of_region(function.region)
        formerly = {n: role_policy.of_function(b.region, b.name) for n, (b, _) in having.items()}
        was = {n: before for n, (before, _) in having.items() if before.recorded_role == role}
        will = {n: after for n, (_, after) in having.items() if after.recorded_role == role}
        of_aws = [each.role for each in will.values() if any(p in each.role for p in _OF_AWS)]
        if of_aws:
            raise Failure(
                f"its role {of_aws[0]} belongs to a service of AWS, and only that may change it",
                "give the function a role of its own, or attach without --with-policy",
            )
        own = (name, *formerly.values())
        state = self._policies.read(role, own, grants=bool(will), recorded=bool(was or will))
        if state is None:
            return None
        there = others.having(role)
        hidden = [each.name for each in there if each.unreadable and each.role_name == role]
        if hidden and name in state.policies:
            raise Failure(
                f"its role {role} is that of {', '.join(hidden)}, too, whose variables can't "
                "be read, so that what they need of its policy is not known",
                "run this as somebody who may use the KMS key that encrypts them",
            )
        policy = SharedPolicy(
            self._policies,
            role,
            name,
            function.place,
            others=[_need(each) for each in there if each.recorded_role == role],
            before={n: _need(each) for n, each in was.items()},
            after={n: _need(each) for n, each in will.items()},
        )
        return policy.plan(state, tuple(having), formerly)


class _Others:
    """The functions of a region that are not to change, listed when first asked for.

    Args:
        functions: The region's.
        changing: The ARNs of those that are to change.
    """

    def __init__(self, functions: Functions, changing: Collection[str]) -> None:
        self._functions = functions
        self._changing = changing
        self._listed: list[Configuration] | None = None
        self._one_at_a_time = threading.Lock()

    def having(self, role: str) -> list[Configuration]:
        """Those that have a role, or have had it when they were attached."""
        with self._one_at_a_time:
            if self._listed is None:
                self._listed = [
                    each for each in self._functions.all() if each.arn not in self._changing
                ]
        return [each for each in self._listed if role in (each.recorded_role, each.role_name)]


def _by_role(transitions: Transitions) -> dict[str, dict[str, Transition]]:
    """The functions that have each role, or have had it when they were attached."""
    found: dict[str, dict[str, Transition]] = {}
    for name, transition in transitions.items():
        before, after = transition
        for role in (before.recorded_role, after.recorded_role, before.role_name):
            if role:
                found.setdefault(role, {})[name] = transition
    return found


def _need(function: Configuration) -> Need:
    parsed = function.parsed
    return Need(parsed.declarations.all(), parsed.settings.max_connections)
