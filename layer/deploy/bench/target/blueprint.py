"""The blueprint of a copy: what to ask Lambda for, so that it is as the original is."""

from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.model import ListShape, Shape, StructureShape

from .arm import Arm
from .original import Original

TAG = "warmkey-bench"
"""The tag by which a copy is found that was left behind; its value is the original's name."""

_LONGEST = 64  # characters of a function's name
_OWN = frozenset({"FunctionName", "Code", "Publish", "PublishTo", "Tags"})
_RESERVED = "aws:"  # tags that nobody but AWS sets


def name_of(original: Original, arm: Arm, run: str) -> str:
    """What a copy is called: `warmkey-bench-billing-3f9a1c-with`.

    Args:
        original: What it is a copy of.
        arm: Which of the two it is.
        run: What tells this bench from others.
    """
    end = f"-{run}-{arm.name}"
    return f"{TAG}-{original.configuration.name}"[: _LONGEST - len(end)] + end


def request(original: Original, arm: Arm, name: str, code: bytes) -> dict[str, Any]:
    """What to create a copy by: all of the original that can be given.

    What calls the original (triggers, aliases, URLs, permissions) is no part of it. Nor is the
    version of its runtime: both copies have the newest, as whatever is new or changed has it unless
    told otherwise, which would take one more permission (`lambda:PutRuntimeManagementConfig`).
    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html

    Args:
        original: What it is a copy of.
        arm: What it has of layers and variables.
        name: What it is called.
        code: The zip with the function's code.
    """
    session = botocore.session.get_session()
    shape = session.get_service_model("lambda").operation_model("CreateFunction").input_shape
    given: dict[str, Any] = _fitting(original.described, shape)
    kept = {name: value for name, value in given.items() if name not in _OWN}
    if not kept.get("VpcConfig", {}).get("SubnetIds"):
        kept.pop("VpcConfig", None)  # Lambda describes an empty one for a function without
    tags: Mapping[str, str] = original.response.get("Tags", {})
    return {
        **kept,
        "FunctionName": name,
        "Code": {"ZipFile": code},
        "Environment": {"Variables": dict(arm.configuration.variables)},
        "Layers": list(arm.configuration.layers),
        "LoggingConfig": {**kept.get("LoggingConfig", {}), "LogGroup": original.log_group},
        "Tags": {
            **{key: value for key, value in tags.items() if not key.startswith(_RESERVED)},
            TAG: original.configuration.name,
        },
    }


def _fitting(value: Any, shape: Shape | None) -> Any:
    """As much of a description as can be given, by the API's own model."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return {
            name: _fitting(value[name], member)
            for name, member in shape.members.items()
            if value.get(name) not in (None, "", [], {}) and _alike(value[name], member)
        }
    return value


def _alike(value: Any, shape: Shape) -> bool:
    """Whether a description has the form in which it is given; layers, for one, have another."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return all(_alike(each, shape.member) for each in value)
    return isinstance(shape, StructureShape) == isinstance(value, Mapping)
