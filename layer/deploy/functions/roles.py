"""The roles of functions: each gets one inline policy, for all functions of a region that have it.

IAM allows 10,240 characters of inline policies to a role, and functions of a role read much the
same; a policy for each of them would be refused after some fifty. What stands in the policy is
derived from the variables of the functions that attach has recorded the role of. So it comes out
the same in whatever order they are attached, detached and tried again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from ..account import Account
from ..iam import role_policy
from ..iam.policy import Document
from ..iam.role_policy import Need, RolePolicies, RoleState
from ..output import batch
from ..output.failure import Failure
from ..output.rollout import Shared, SharedPlan
from .configuration import Configuration
from .store import AT_ONCE, Functions


class Transition(NamedTuple):
    """A function as it is, and as it is to be."""

    before: Configuration
    after: Configuration


@dataclass(frozen=True, slots=True)
class _Role:
    """A role, and the functions that have it or had it when they were attached.

    Attributes:
        name: Its name.
        state: Its inline policies.
        transitions: Those that are to change, by the name that the operator gave.
        others: The region's other functions.
    """

    name: str
    state: RoleState
    transitions: Mapping[str, Transition]
    others: Sequence[Configuration]

    def readers(self, done: Collection[str]) -> Iterator[Configuration]:
        """Those that its policy is for, once some of the transitions are done."""
        changing = (
            each.after if name in done else each.before for name, each in self.transitions.items()
        )
        for function in (*self.others, *changing):
            if function.recorded_role == self.name:
                yield function

    @property
    def formerly(self) -> dict[str, str]:
        """The policies of single functions that Warmkey 0.1 gave it, by those functions."""
        own = {n: _former(each.before) for n, each in self.transitions.items()}
        return {name: policy for name, policy in own.items() if policy in self.state.policies}


class Roles:
    """Plans what becomes of the policies of functions' roles.

    Args:
        account: The account, in the functions' region.
        functions: Its functions.
    """

    def __init__(self, account: Account, functions: Functions) -> None:
        self._functions = functions
        self._policies = RolePolicies(account)

    def plan(self, transitions: Mapping[str, Transition]) -> Shared:
        """What becomes of the role of each of these functions; changes nothing.

        Args:
            transitions: The functions that are to change, by the name that the operator gave.

        Returns:
            What they share, by role; for each function whose role can't be changed, why not.
        """
        names: dict[str, list[str]] = {}
        for name, (before, after) in transitions.items():
            roles = (before.recorded_role, after.recorded_role, before.role_name)
            for role in dict.fromkeys(filter(None, roles)):
                names.setdefault(role, []).append(name)
        found = batch.run(
            [*names], partial(self._read, names, transitions), None, doing="", at_once=AT_ONCE
        )
        concerned = {role: state for role, state in found.done.items() if state}
        others = self._others(concerned, transitions) if concerned else []
        planned = batch.run(
            [*concerned],
            lambda role: self._plan(
                _Role(
                    role,
                    concerned[role],
                    {name: transitions[name] for name in names[role]},
                    [each for each in others if role in (each.recorded_role, each.role_name)],
                )
            ),
            None,
            doing="",
            at_once=AT_ONCE,
        )
        failed = {
            name: reason
            for role, reason in {**found.failed, **planned.failed}.items()
            for name in names[role]
        }
        common = {f"role {role}": each for role, each in planned.done.items()}
        return batch.Batch(common, failed, stopped=found.stopped or planned.stopped)

    def _read(
        self, names: Mapping[str, Sequence[str]], transitions: Mapping[str, Transition], role: str
    ) -> RoleState | None:
        """A role's policies; None where Warmkey has, and gets, no part in it."""
        mine = [transitions[name] for name in names[role]]
        grants = any(after.recorded_role == role for _, after in mine)
        recorded = grants or any(before.recorded_role == role for before, _ in mine)
        service_linked = next((a.role for _, a in mine if "/aws-service-role/" in a.role), "")
        if grants and service_linked:
            raise Failure(
                f"its role {service_linked} is linked to a service, and only that may change it",
                "give the function a role of its own, or attach without --with-policy",
            )
        return self._policies.read(
            role,
            [
                role_policy.of_region(mine[0].before.region),
                *(_former(each.before) for each in mine),
            ],
            grants=grants,
            recorded=recorded,
        )

    def _others(
        self, roles: Collection[str], transitions: Mapping[str, Transition]
    ) -> list[Configuration]:
        """The functions of the region that are not to change, and have one of these roles."""
        arns = {each.before.arn for each in transitions.values()}
        return [
            each
            for each in self._functions.all()
            if each.arn not in arns and {each.recorded_role, each.role_name} & set(roles)
        ]

    def _plan(self, role: _Role) -> SharedPlan:
        name = role_policy.of_region(next(iter(role.transitions.values())).before.region)
        hidden = [f.name for f in role.others if f.unreadable and f.role_name == role.name]
        if hidden and name in role.state.policies:
            raise Failure(
                f"its role {role.name} is that of {', '.join(hidden)}, too, whose variables can't "
                "be read, so that what they need of its policy is not known",
                "run this as somebody who may use the KMS key that encrypts them",
            )
        there = role.state.policies.get(name)
        everybody = [*role.readers(()), *role.readers(role.transitions)]
        meanwhile, _ = self._document(everybody)
        wanted, notes = self._document([*role.readers(role.transitions)])
        grants = any(each.after.recorded_role == role.name for each in role.transitions.values())
        if grants and meanwhile:
            role.state.check_size(role.name, name, meanwhile)
        held = {"policy": there}

        def put(document: Document | None) -> None:
            if document != held["policy"]:
                self._policies.set(role.name, name, document)
                held["policy"] = document

        def begin() -> None:
            if grants and wanted != there:
                put(meanwhile)

        def end(done: Collection[str]) -> None:
            left, _ = self._document([*role.readers(done)])
            put(left)
            for function, policy in role.formerly.items():
                if function in done:
                    self._policies.set(role.name, policy, None)

        changes = [role_policy.change(role.name, name, there, wanted)]
        changes += [
            role_policy.change(role.name, policy, role.state.policies[policy], None)
            for policy in role.formerly.values()
        ]
        real = tuple(filter(None, changes))
        return SharedPlan(real, tuple(role.transitions), begin, end, notes)

    def _document(
        self, functions: Sequence[Configuration]
    ) -> tuple[Document | None, tuple[str, ...]]:
        """The policy that some functions need together, and what is not known about it."""
        if not functions:
            return None, ()
        return self._policies.needed([_need(each) for each in functions], functions[0].place)


def _need(function: Configuration) -> Need:
    parsed = function.parse()
    return Need(tuple(parsed.declarations.all()), parsed.settings.max_connections)


def _former(function: Configuration) -> str:
    return role_policy.of_function(function.region, function.name)
