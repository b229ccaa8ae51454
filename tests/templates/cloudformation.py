"""What a CloudFormation template deploys, with its intrinsic functions worked out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.templates.deployment import (
    ACCOUNT,
    PARTITION,
    REGION,
    Deployment,
    permissions,
    writes_traces,
)

Template = Mapping[str, Any]
Properties = Mapping[str, Any]

_PSEUDO = {"AWS::Partition": PARTITION, "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
_PLACEHOLDER = re.compile(r"\$\{([^!}]+)}")


class Stack:
    """A template with values for its parameters.

    Args:
        template: The template, without transforms.
        parameters: Those that have no default, or another value than that.
    """

    def __init__(self, template: Template, parameters: Mapping[str, str]) -> None:
        self._template = template
        declared = template.get("Parameters", {})
        defaults = {name: each["Default"] for name, each in declared.items() if "Default" in each}
        self._values = {**_PSEUDO, **defaults, **parameters}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": ".".join,
            "Fn::If": self._if,
            "Fn::Equals": lambda pair: self.value(pair[0]) == self.value(pair[1]),
            "Fn::Join": lambda join: join[0].join(self.value(join[1])),
            "Fn::Sub": self._sub,
        }

    def deployment(self) -> Deployment:
        """The one function that it deploys, with its role."""
        [found] = self.deployments().values()
        return found

    def deployments(self) -> dict[str, Deployment]:
        """Each function that it deploys, with its role, by what the template calls it."""
        return {
            name: self._deployment(function)
            for name, function in self._resources("AWS::Lambda::Function")
        }

    def _deployment(self, function: Properties) -> Deployment:
        role = function["Role"].removesuffix(".Arn")
        attached = self._role(role)["ManagedPolicyArns"]
        return Deployment(
            function["Handler"],
            function["Runtime"],
            tuple(function["Architectures"]),
            tuple(function.get("Layers", ())),
            function.get("Environment", {}).get("Variables", {}),
            frozenset(permissions(self._statements(role), attached)),
            function.get("TracingConfig", {}).get("Mode") == "Active"
            and writes_traces(self._statements(role), attached),
        )

    def value(self, node: Any) -> Any:
        """Work out a value.

        Raises:
            KeyError: It uses a function that is not known here, or a name that is not there.
        """
        if isinstance(node, list):
            return [self.value(each) for each in node]
        if not isinstance(node, dict):
            return node
        name, *more = node or [""]
        if not more and (name == "Ref" or name.startswith("Fn::")):
            return self._functions[name](node[name])
        return {key: self.value(each) for key, each in node.items()}

    def _statements(self, role: str) -> Iterator[Mapping[str, Any]]:
        """Those of all policies that a role has of its own."""
        for policy in self._role(role)["Policies"]:
            yield from policy["PolicyDocument"]["Statement"]
        for _, policy in self._resources("AWS::IAM::Policy"):
            if role in policy["Roles"]:
                yield from policy["PolicyDocument"]["Statement"]

    def _role(self, name: str) -> Properties:
        roles = dict(self._resources("AWS::IAM::Role"))
        return {"Policies": [], "ManagedPolicyArns": [], **roles[name]}

    def _resources(self, kind: str) -> Iterator[tuple[str, Properties]]:
        for name, resource in self._template["Resources"].items():
            if resource["Type"] == kind:
                yield name, self.value(resource["Properties"])

    def _ref(self, name: str) -> str:
        return name if name in self._template["Resources"] else self._values[name]

    def _if(self, choice: list[Any]) -> Any:
        name, then, otherwise = choice
        holds = self.value(self._template["Conditions"][name])
        return self.value(then if holds else otherwise)

    def _sub(self, text: str | list[Any]) -> str:
        template, names = (text, {}) if isinstance(text, str) else text
        own = {name: self.value(each) for name, each in names.items()}
        return _PLACEHOLDER.sub(lambda found: own.get(found[1]) or self._ref(found[1]), template)
