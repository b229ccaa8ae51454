"""The template for Terraform and OpenTofu."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.templates import terraform
from tests.templates.provider import Resource

ATTRIBUTE = re.compile(r"\b(data\.)?(aws_\w+)\.\w+\.(\w+)")


def resources(module: terraform.Module) -> Iterator[tuple[Resource, terraform.Block]]:
    """What the provider knows of each resource and data source, and what is written of it."""
    for label, blocks in module.items():
        for block in blocks:
            if label.startswith("aws_"):
                yield Resource(label, is_data=block["__tfmeta"]["type"] == "data"), block


def unresolved(value: Any) -> Iterator[Any]:
    """What in a value could not be evaluated."""
    match value:
        case None | {"__attribute__": _}:
            yield value
        case str() if "${" in value:
            yield value
        case list():
            yield from (each for inner in value for each in unresolved(inner))
        case dict():
            yield from (each for inner in value.values() for each in unresolved(inner))


def test_every_expression_comes_to_something() -> None:
    """A name that is not there, or a function, would not."""
    module = dict(terraform.evaluated("prod"))
    del module["variable"]  # whose types and conditions are expressions of another kind
    assert list(unresolved(module)) == []


def test_the_provider_takes_every_argument_and_misses_none() -> None:
    """By name, kind and type, in nested blocks too."""
    written = resources(terraform.evaluated("prod"))
    assert [fault for known, block in written for fault in known.faults(block)] == []


@pytest.mark.parametrize("file", sorted(terraform.FOLDER.glob("*.tf")), ids=lambda file: file.name)
def test_attributes_read_of_a_resource_exist(file: Path) -> None:
    """An attribute that the provider does not export would fail the plan."""
    for is_data, label, attribute in ATTRIBUTE.findall(file.read_text(encoding="utf-8")):
        assert attribute in Resource(label, is_data=bool(is_data)).attributes()


def test_configuration_that_the_provider_would_refuse_is_found() -> None:
    """The check itself: an unknown argument, a missing one, a wrong type and an unknown block."""
    function = {"function_name": "f", "timeout": "long", "layer": [], "environment": {"var": {}}}
    assert list(Resource("aws_lambda_function", is_data=False).faults(function)) == [
        "LambdaFunctionConfig has no layer",
        "LambdaFunctionConfig needs role",
        "LambdaFunctionEnvironment has no var",
        "LambdaFunctionConfig.timeout is 'long', not typing.Optional[jsii.Number]",
    ]
