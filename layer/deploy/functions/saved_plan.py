"""Saved plans: what `--plan-out` writes, and `warmkey apply` carries out if nothing has changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...extension import VERSION
from .. import named_file
from ..account import Account
from ..output.failure import Failure, InvalidInput
from ..output.plan import Proposal
from .attachment import AttachRequest


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was shown; it holds no value but those that may be shown.

    Attributes:
        warmkey: The version of the command that made it.
        account: The account's twelve digits.
        region: The functions' region.
        revisions: What each function was like, by the name that the operator gave.
        changes: All that is to change, each with `subject`, `before` and `after`.
        layers: The layers' versions that functions get.
        request: What `attach` was asked for; None for `detach`.
    """

    warmkey: str
    account: str
    region: str
    revisions: Mapping[str, str]
    changes: tuple[Mapping[str, Any], ...]
    layers: tuple[str, ...] = ()
    request: AttachRequest | None = None

    @classmethod
    def of(
        cls,
        account: Account,
        proposal: Proposal,
        layers: tuple[str, ...] = (),
        request: AttachRequest | None = None,
    ) -> "SavedPlan":
        """What is planned in an account now."""
        revisions = {name: plan.revision for name, plan in proposal.plans.items()}
        changes = tuple(each.as_json() for each in proposal.changes)
        return cls(VERSION, account.id, account.region, revisions, changes, layers, request)

    @classmethod
    def read(cls, path: Path) -> "SavedPlan":
        """What a file says.

        Raises:
            InvalidInput: It can't be read, is no plan, or was made by another version.
        """
        try:
            found = json.loads(named_file.read(path))
            request = found.pop("request")
            plan = cls(**found, request=AttachRequest(**request) if request else None)
            subjects = [each["subject"] for each in plan.changes]
            if not (isinstance(plan.revisions, dict) and set(map(type, subjects)) <= {str}):
                raise TypeError
        except (AttributeError, KeyError, TypeError, ValueError):
            raise InvalidInput(
                f"{path} is not a plan", "make one: warmkey attach … --plan-out FILE"
            ) from None
        if plan.warmkey != VERSION:
            raise InvalidInput(
                f"{path} was made by warmkey {plan.warmkey}, and this is {VERSION}", "plan it again"
            )
        return plan

    def write(self, path: Path) -> None:
        """Put it into a file.

        Raises:
            Failure: It can't be written.
        """
        try:
            path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise Failure(
                f"{path} can't be written: {error.strerror}", "name another one"
            ) from None

    def check_account(self, account: Account) -> None:
        """Make sure that it is for an account.

        Raises:
            Failure: It is for another one.
        """
        if account.id != self.account:
            raise Failure(
                f"the plan is for account {self.account}, and the credentials are of {account.id}",
                "choose another --profile",
            )

    def check(self, proposal: Proposal) -> None:
        """Make sure that what would be planned now is the same.

        Raises:
            Failure: Something has changed since.
        """
        if changed := list(dict.fromkeys(self._changed(proposal))):
            raise Failure(
                f"nothing was changed, as this is not as it was when it was planned: "
                f"{', '.join(changed)}",
                "plan it again",
            )

    def _changed(self, proposal: Proposal) -> Iterator[str]:
        """What is not as it was."""
        for name, revision in self.revisions.items():
            if name not in proposal.plans or proposal.plans[name].revision != revision:
                yield f"function {name}"
        before = {each["subject"]: each for each in self.changes}
        now = {each.subject: each.as_json() for each in proposal.changes}
        for subject in {**before, **now}:
            if before.get(subject) != now.get(subject):
                yield subject
