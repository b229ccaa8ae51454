"""The inline policy that a function's role gets, so that Warmkey may read what is declared."""

import json
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...extension.sources.source import Place
from ..account import RETRYING, Account
from ..output.change import Change
from ..output.failure import Failure
from ..secrets import encryption
from ..secrets.encryption import Encryption
from . import policy
from .policy import Document

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient

    from ...extension.declared.reference import Reference


class RolePolicies:
    """The roles of an account.

    Args:
        account: The account, in the functions' region.
    """

    def __init__(self, account: Account) -> None:
        self._session = account.session
        self._client: IAMClient = account.session.client("iam", config=RETRYING)
        self._encryptions: dict[frozenset[Reference], Encryption] = {}
        self._one_at_a_time = threading.Lock()  # a session makes one client at a time

    def needed(
        self, references: "Sequence[Reference]", place: Place, connections: int
    ) -> tuple[Document, tuple[str, ...]]:
        """The policy that a function needs, and what is not known about it.

        Args:
            references: What its variables declare.
            place: Where it is.
            connections: Its `WARMKEY_MAX_CONNECTIONS`.

        Raises:
            Failure: It declares nothing there, or more than a policy can hold.
        """
        if not references:
            raise Failure(
                "no variable of it declares a secret, so there is nothing to allow",
                "attach without --with-policy; `warmkey policy` knows what warmkey.json declares",
            )
        found = self._encryption(references)
        document = policy.document(references, place, keys=found.keys, connections=connections)
        if policy.size(document) > policy.LARGEST_INLINE:
            raise Failure(next(policy.warnings(document)))
        return document, found.unknown

    def read(self, role: str, name: str) -> Document | None:
        """An inline policy of a role; None where it has not got it, or there is no such role."""
        try:
            found: Any = self._client.get_role_policy(RoleName=role, PolicyName=name)
        except self._client.exceptions.NoSuchEntityException:
            return None
        document: Document = found["PolicyDocument"]  # botocore has decoded it
        return document

    def put(self, role: str, name: str, document: Document) -> None:
        """Give it to a role."""
        self._client.put_role_policy(
            RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def delete(self, role: str, name: str) -> None:
        """Take it from a role."""
        self._client.delete_role_policy(RoleName=role, PolicyName=name)

    def _encryption(self, references: "Sequence[Reference]") -> Encryption:
        with self._one_at_a_time:
            key = frozenset(references)
            if key not in self._encryptions:
                self._encryptions[key] = encryption.look_up(self._session, references)
            return self._encryptions[key]


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
