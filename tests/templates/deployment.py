"""What a template deploys: a function, and what its role may do. The same, whatever the tool."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PARTITION, REGION, ACCOUNT = "aws", "eu-central-1", "123456789012"
LAYER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:warmkey-arm64:3"
"""What is given as the layer; `warmkey publish` prints such an ARN."""

STAGES = {"prod": "live", "dev": "test", "featureX": "test"}
"""The name of the key that belongs to a stage; the last is in no table, and falls back."""

_LOGS = "service-role/AWSLambdaBasicExecutionRole"  # what every function has, to write its log
# What a function has to write its traces, where it has no statements for that.
_TRACES = ("AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess")
_WRITES_TRACES = "xray:PutTraceSegments"
_KEYS = {"Sid", "Effect", "Action", "Resource", "Condition"}

Statement = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that a role may do.

    Attributes:
        action: The action, e.g. `kms:Decrypt`.
        resource: The ARN of what it may be done to.
        conditions: Under which; of those with the same operator and key, one must hold. Each is
            its operator, its key and a value.
    """

    action: str
    resource: str
    conditions: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Deployment:
    """A function and its role.

    Attributes:
        handler: What is called.
        runtime: By which of Lambda's runtimes.
        architectures: On which processors; one.
        layers: The ARNs of its layers.
        variables: Its environment variables.
        permissions: What it may do, but for writing its log and its traces.
        traced: Whether X-Ray traces it, and it may write its traces.
    """

    handler: str
    runtime: str
    architectures: tuple[str, ...]
    layers: tuple[str, ...]
    variables: Mapping[str, str]
    permissions: frozenset[Permission]
    traced: bool = True


def expected(stage: str) -> Deployment:
    """What every template deploys for a stage."""
    names = ("/notes/prices", f"/stripeSecretKey/{STAGES[stage]}")
    parameters = [f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}" for name in names]
    read = {
        Permission(action, arn)
        for action in ("ssm:GetParameter", "ssm:GetParameters")
        for arn in parameters
    }
    conditions = {
        ("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/aws/ssm"),
        ("StringEquals", "kms:ViaService", f"ssm.{REGION}.amazonaws.com"),
        *(("StringEquals", "kms:EncryptionContext:PARAMETER_ARN", arn) for arn in parameters),
    }
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"
    decrypt = Permission("kms:Decrypt", key, frozenset(conditions))
    permissions = frozenset({*read, decrypt})
    return Deployment(
        "app.handler", "python3.13", ("arm64",), (LAYER,), {"STAGE": stage}, permissions
    )


def permissions(statements: Iterable[Statement], attached: Iterable[str] = ()) -> set[Permission]:
    """What a role may do, but for writing its log and its traces.

    Args:
        statements: Those of its own policies.
        attached: The ARNs of the policies that are attached to it.

    Raises:
        ValueError: It holds more than this can compare.
    """
    if more := [arn for arn in attached if not arn.endswith((_LOGS, *_TRACES))]:
        raise ValueError(f"only {_LOGS} and {_TRACES} may be attached, not {more}")
    found = {each for statement in statements for each in _permissions(statement)}
    return {each for each in found if not each.action.startswith(("logs:", "xray:"))}


def writes_traces(statements: Iterable[Statement], attached: Iterable[str]) -> bool:
    """Whether a role may write traces.

    Args:
        statements: Those of its own policies.
        attached: The ARNs of the policies that are attached to it.
    """
    named = any(arn.endswith(_TRACES) for arn in attached)
    return named or any(_WRITES_TRACES in _several(each["Action"]) for each in statements)


def _permissions(statement: Statement) -> Iterator[Permission]:
    if statement["Effect"] != "Allow" or set(statement) - _KEYS:
        raise ValueError(f"only statements that allow can be compared, not {statement}")
    conditions = frozenset(
        (operator, key, value)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
        for value in _several(values)
    )
    for action in _several(statement["Action"]):
        for resource in _several(statement["Resource"]):
            yield Permission(action, resource, conditions)


def _several(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values
