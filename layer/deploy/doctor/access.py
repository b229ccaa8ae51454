"""What AWS is asked about KMS keys and about a role: each fact, or that it may not be told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from boto3.session import Session

from ...extension.sources.source import Source
from ..account import RETRYING
from ..secrets.stored import Absent, Entry
from .checks.keys import Key
from .checks.permissions import Decision, Outside, Question
from .finding import Unknown, ask

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient
    from types_boto3_iam.type_defs import ContextEntryTypeDef
    from types_boto3_kms import KMSClient

_AWS_MANAGED = "alias/aws/"
_AT_ONCE = 100  # resources in one question
_SEVERAL = ("kms:ResourceAliases",)  # condition keys that may have several values at once


class Access:
    """Asks KMS and IAM.

    Args:
        session: The operator's, in the region that is asked.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _iam(self) -> "IAMClient":
        return self._session.client("iam", config=RETRYING)

    def keys(self, entries: Mapping[Source, Entry]) -> dict[str, Key | Unknown]:
        """The KMS keys of what is stored, by what it calls them."""
        stored = (
            each for entry in entries.values() if not isinstance(entry, Absent) for each in entry
        )
        names = dict.fromkeys(each.key for each in stored if each.key)
        return {name: self._key(name) for name in names}

    def decisions(self, role: str, asked: Iterable[Question]) -> Sequence[Decision] | Unknown:
        """What IAM would decide about a role."""
        found: list[Decision] = []
        for question in asked:
            for start in range(0, len(question.resources), _AT_ONCE):
                some = question.resources[start : start + _AT_ONCE]
                decided = ask("iam:SimulatePrincipalPolicy", self._simulation(role, question, some))
                if isinstance(decided, Unknown):
                    return decided
                found.extend(decided)
        return found

    def trust(self, role: str, caller: str) -> Mapping[str, Any] | Unknown:
        """The trust policy of a role, which only its own account tells.

        Args:
            role: Its ARN.
            caller: The ARN of a role of the operator's account.
        """
        account = role.split(":")[4]
        if account != caller.split(":")[4]:
            return Unknown("iam:GetRole", f"{role} is account {account}'s to look at")
        name = role.rpartition("/")[2]
        return ask(
            "iam:GetRole",
            lambda: cast(
                "Mapping[str, Any]",
                self._iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"],
            ),
        )

    def _key(self, name: str) -> Key | Unknown:
        if _AWS_MANAGED in name:
            return Key(name, managed_by_aws=True, state="Enabled", policy="")
        client: KMSClient = self._session.client("kms", config=RETRYING)
        described = ask("kms:DescribeKey", lambda: client.describe_key(KeyId=name)["KeyMetadata"])
        if isinstance(described, Unknown):
            return described
        arn, managed = described["Arn"], described.get("KeyManager") == "AWS"
        policy = ask(
            "kms:GetKeyPolicy",
            lambda: str(client.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]),
        )
        return Key(arn, managed, described["KeyState"], policy)

    def _simulation(
        self, role: str, question: Question, resources: Sequence[str]
    ) -> Callable[[], list[Decision]]:
        context: list[ContextEntryTypeDef] = [
            {
                "ContextKeyName": key,
                "ContextKeyValues": [value],
                "ContextKeyType": "stringList" if key in _SEVERAL else "string",
            }
            for key, value in question.context
        ]

        def simulate() -> list[Decision]:
            pages = self._iam.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=role,
                ActionNames=list(question.actions),
                ResourceArns=list(resources),
                ContextEntries=context,
            )
            results = (each for page in pages for each in page["EvaluationResults"])
            return [decision for each in results for decision in _decisions(each)]

        return simulate


def _decisions(result: Mapping[str, Any]) -> list[Decision]:
    """What one result says, which may be about several resources."""
    lacking = tuple(result.get("MissingContextValues", ()))
    each = result.get("ResourceSpecificResults") or [
        {
            "EvalResourceName": result.get("EvalResourceName", "*"),
            "EvalResourceDecision": result["EvalDecision"],
        }
    ]
    action = result["EvalActionName"]
    return [
        Decision(
            action,
            one["EvalResourceName"],
            one["EvalResourceDecision"],
            lacking,
            _outside(result, one),
        )
        for one in each
    ]


def _outside(result: Mapping[str, Any], one: Mapping[str, Any]) -> Outside:
    """Whether something else than the role's policies does not allow it.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
    """
    detail = "PermissionsBoundaryDecisionDetail"
    boundary = one.get(detail) or result.get(detail) or {}
    if boundary.get("AllowedByPermissionsBoundary") is False:
        return "boundary"
    organization = result.get("OrganizationsDecisionDetail") or {}
    return "organization" if organization.get("AllowedByOrganizations") is False else ""
