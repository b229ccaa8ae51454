"""The inline policy that functions' roles get, so that Warmkey may read what is declared."""

import json
import threading
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ...extension.declared.reference import Reference
from ...extension.sources.source import Place
from ..account import RETRYING, Account
from ..output.change import Change
from ..output.failure import Failure
from ..secrets import encryption
from . import policy
from .policy import Document

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

_MISSING = "NoSuchEntity"


@dataclass(frozen=True, slots=True)
class Need:
    """What a function reads.

    Attributes:
        references: What its variables declare.
        connections: Its `WARMKEY_MAX_CONNECTIONS`.
    """

    references: tuple[Reference, ...]
    connections: int


@dataclass(frozen=True, slots=True)
class NeededPolicy:
    """The policy that functions need together.

    Attributes:
        document: The policy; None where they need none.
        unknown: What could not be found out about it, a sentence each.
    """

    document: Document | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleState:
    """A role as it is.

    Attributes:
        policies: Its inline policies by name; only Warmkey's own where others may not be listed.
    """

    policies: Mapping[str, Document]

    def check_size(self, role: str, name: str, document: Document) -> None:
        """Make sure that a policy fits beside its other ones.

        Raises:
            Failure: It does not.
        """
        others = sum(policy.size(each) for other, each in self.policies.items() if other != name)
        if (together := others + policy.size(document)) > policy.LARGEST_INLINE:
            raise Failure(
                f"the inline policies of its role {role} would have {together} characters, "
                f"{others} of them others' than Warmkey's, and IAM allows {policy.LARGEST_INLINE}",
                "have the role's functions declare a path (ssm:/app/*) for many parameters, give "
                "some of them another role, or make it a managed policy (warmkey policy)",
            )


class RolePolicies:
    """The roles of an account.

    Args:
        account: The account, in the functions' region.
    """

    def __init__(self, account: Account) -> None:
        self._session = account.session
        self._client: IAMClient = account.session.client("iam", config=RETRYING)
        self._needed: dict[frozenset[Need], NeededPolicy] = {}
        self._one_at_a_time = threading.Lock()  # a session makes one client at a time

    def needed(self, needs: Collection[Need], place: Place) -> NeededPolicy:
        """The policy that functions need together, made once for the same needs.

        Args:
            needs: What each of them reads.
            place: Where they are.
        """
        with self._one_at_a_time:
            key = frozenset(needs)
            if key not in self._needed:
                self._needed[key] = self._make(dict.fromkeys(needs), place)
            return self._needed[key]

    def read(
        self, role: str, own: Iterable[str], *, grants: bool, recorded: bool
    ) -> RoleState | None:
        """A role's inline policies.

        Args:
            role: Its name.
            own: What Warmkey's policies of it are called, if it has any.
            grants: Whether it is to get one, for which the size of all others counts.
            recorded: Whether attach has given it one, or is to.

        Returns:
            None where it has none of Warmkey's and is to get none, as far as may be seen.

        Raises:
            Failure: There is no such role, and it is to get a policy.
        """
        try:
            names = self._names(role, own)
            mine = [name for name in names if name in set(own)]
            read = names if grants else mine
            policies = {name: found for name in read if (found := self._get(role, name))}
        except ClientError as error:
            code = error.response["Error"]["Code"]
            denied = code.startswith("AccessDenied")
            if (code == _MISSING and not grants) or (denied and not recorded):
                return None
            if code == _MISSING:
                raise Failure(
                    f"there is no role {role}", "give the function another one, and run this again"
                ) from None
            raise
        return RoleState(policies) if recorded or policies else None

    def set(self, role: str, name: str, document: Document | None) -> None:
        """Give an inline policy to a role; None takes it away."""
        if document:
            self._client.put_role_policy(
                RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
            )
            return
        with suppress(self._client.exceptions.NoSuchEntityException):  # somebody else was quicker
            self._client.delete_role_policy(RoleName=role, PolicyName=name)

    def _names(self, role: str, own: Iterable[str]) -> list[str]:
        """The names of its inline policies; where these may not be listed, Warmkey's own."""
        try:
            pages = self._client.get_paginator("list_role_policies").paginate(RoleName=role)
            return [name for page in pages for name in page["PolicyNames"]]
        except ClientError as error:
            if not error.response["Error"]["Code"].startswith("AccessDenied"):
                raise
            return list(dict.fromkeys(own))

    def _get(self, role: str, name: str) -> Document | None:
        try:
            found: Any = self._client.get_role_policy(RoleName=role, PolicyName=name)
        except self._client.exceptions.NoSuchEntityException:
            return None
        document: Document = found["PolicyDocument"]  # botocore has decoded it
        return document

    def _make(self, needs: Collection[Need], place: Place) -> NeededPolicy:
        references = tuple(dict.fromkeys(each for need in needs for each in need.references))
        if not references:
            return NeededPolicy(None)
        own = [each for each in references if not each.source.role]
        found = encryption.look_up(self._session, own)
        batches = (
            action
            for need in needs
            for action in policy.batch_actions(
                [each.source for each in need.references], need.connections, place.region
            )
        )
        document = policy.document(
            references, place, keys=found.keys, batches=[*dict.fromkeys(batches)]
        )
        return NeededPolicy(document, found.unknown)


def of_region(region: str) -> str:
    """What the inline policy is called that a role has for its functions in a region."""
    return f"warmkey-{region}"


def of_function(region: str, function: str) -> str:
    """What it was called in Warmkey 0.1, when each function had its own."""
    return f"warmkey-{region}-{function}"


def change(role: str, name: str, before: Document | None, after: Document | None) -> Change:
    """What is different about a role's policy, a line for each statement."""
    return Change(f"role {role}, inline policy {name}", _lines(before), _lines(after))


def _lines(document: Mapping[str, Any] | None) -> dict[str, str]:
    """A line for each statement; somebody may have written one by hand, or without a name."""
    found = document["Statement"] if document else []
    statements = [found] if isinstance(found, dict) else found
    return {
        each.get("Sid", f"statement {number}"): json.dumps(each, sort_keys=True)
        for number, each in enumerate(statements, 1)
    }
