"""A role's policy while functions that share it change, one after the other."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ....extension.sources.source import Place
from ...iam import role_policy
from ...iam.policy import Document
from ...iam.role_policy import Need, NeededPolicy, RolePolicies, RoleState
from ...output.plan import SharedPlan


@dataclass(frozen=True, slots=True)
class SharedPolicy:
    """What functions need of their role's policy.

    Attributes:
        policies: The roles of the account.
        role: The role's name.
        name: What the policy is called.
        place: Where the functions are.
        others: What functions need of it that do not change.
        before: What each function that changes has needed of it, by its name, as far as it has.
        after: What each of them is to need of it.
    """

    policies: RolePolicies
    role: str
    name: str
    place: Place
    others: Sequence[Need]
    before: Mapping[str, Need]
    after: Mapping[str, Need]

    def plan(
        self, state: RoleState, functions: tuple[str, ...], formerly: Mapping[str, str]
    ) -> SharedPlan:
        """What is to be done with it.

        While functions change, the policy has what they need before and afterwards.

        Args:
            state: The role as it is.
            functions: All that change and have the role, or have had it.
            formerly: What the policies of single functions are called that Warmkey 0.1 made.

        Raises:
            Failure: It would be too large beside the role's other ones.
        """
        there = state.policies.get(self.name)
        meanwhile = self._needed([*self.before.values(), *self.after.values()]).document
        wanted = self._needed(self.after.values())
        if self.after and meanwhile:
            state.check_size(self.role, self.name, meanwhile)
        held = meanwhile if self.after and wanted.document != there else there
        obsolete = {f: each for f, each in formerly.items() if each in state.policies}
        changes = [role_policy.change(self.role, self.name, there, wanted.document)]
        changes += [
            role_policy.change(self.role, each, state.policies[each], None)
            for each in obsolete.values()
        ]
        return SharedPlan(
            tuple(filter(None, changes)),
            functions,
            partial(self._set, there, held),
            partial(self._end, held, obsolete),
            wanted.unknown,
        )

    def _end(
        self, held: Document | None, obsolete: Mapping[str, str], done: Collection[str]
    ) -> None:
        """Leave what is needed now that some of the functions have changed.

        Args:
            held: The policy as it is.
            obsolete: The policies that functions do not need once they have changed.
            done: The functions that have.
        """
        left = [need for function, need in self.before.items() if function not in done]
        left += [need for function, need in self.after.items() if function in done]
        self._set(held, self._needed(left).document)
        for function, policy in obsolete.items():
            if function in done:
                self.policies.set(self.role, policy, None)

    def _needed(self, changing: Iterable[Need]) -> NeededPolicy:
        """What the functions need that do not change, and these."""
        return self.policies.needed([*self.others, *changing], self.place)

    def _set(self, held: Document | None, document: Document | None) -> None:
        if document != held:
            self.policies.set(self.role, self.name, document)
