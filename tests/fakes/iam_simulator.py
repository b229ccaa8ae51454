"""IAM's policy simulator, which moto has not got, for the inline policies of moto's roles.

It knows what policies of this project need: Allow and Deny, actions and resources with wildcards,
and the operators StringEquals and StringLike, also with ForAnyValue.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": operator.eq,
    "StringLike": fnmatchcase,
}


@dataclass(slots=True)
class IamSimulator:
    """Answers `SimulatePrincipalPolicy`.

    Attributes:
        iam: A client of the IAM whose roles it knows.
        asked: The questions so far.
    """

    iam: Any
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def answer(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to one question, as IAM gives it: a result for each action and resource."""
        self.asked.append(asked)
        context = {
            each["ContextKeyName"]: each["ContextKeyValues"][0]
            for each in asked.get("ContextEntries", ())
        }
        statements = list(self._statements(asked["PolicySourceArn"].rpartition("/")[2]))
        return {
            "EvaluationResults": [
                {
                    "EvalActionName": action,
                    "EvalResourceName": resource,
                    "EvalDecision": _decide(statements, action, resource, context),
                    "MissingContextValues": _missing(statements, context),
                }
                for action in asked["ActionNames"]
                for resource in asked["ResourceArns"]
            ]
        }

    def _statements(self, role: str) -> Iterator[Mapping[str, Any]]:
        for name in self.iam.list_role_policies(RoleName=role)["PolicyNames"]:
            found = self.iam.get_role_policy(RoleName=role, PolicyName=name)
            yield from found["PolicyDocument"]["Statement"]


def _decide(
    statements: list[Mapping[str, Any]], action: str, resource: str, context: Mapping[str, str]
) -> str:
    effects = {
        statement["Effect"]
        for statement in statements
        if any(fnmatchcase(action, each) for each in _all(statement["Action"]))
        and any(fnmatchcase(resource, each) for each in _all(statement["Resource"]))
        and all(
            any(_OPERATORS[name.rpartition(":")[2]](context.get(key, ""), v) for v in _all(value))
            for name, conditions in statement.get("Condition", {}).items()
            for key, value in conditions.items()
        )
    }
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def _missing(statements: list[Mapping[str, Any]], context: Mapping[str, str]) -> list[str]:
    keys = (
        key
        for statement in statements
        for conditions in statement.get("Condition", {}).values()
        for key in conditions
    )
    return sorted({key for key in keys if key not in context}) if context else []


def _all(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
