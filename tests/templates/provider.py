"""Terraform's AWS provider: which arguments each of its resources takes, and which it needs.

The CDK for Terraform's bindings hold the provider's whole schema, as classes with typed arguments:
https://developer.hashicorp.com/terraform/cdktf/concepts/providers
"""

import ast
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tests.templates import terraform, tools

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "Number": (int, float),
    "bool": (bool,),
    "Sequence": (list,),
    "Mapping": (dict,),
}


class Resource:
    """A resource of the provider, or a data source.

    Args:
        label: Its type, e.g. `aws_lambda_function`.
        is_data: Whether it is a data source.

    Raises:
        KeyError: The provider has none of that type.
    """

    def __init__(self, label: str, *, is_data: bool) -> None:
        module = f"data_{label}" if is_data else label.removeprefix("aws_")
        self._classes = _classes(module)
        self._name = "".join(part.capitalize() for part in module.split("_"))

    def attributes(self) -> set[str]:
        """What other expressions can read of it."""
        body = self._classes[self._name].body
        return {each.name for each in body if isinstance(each, ast.FunctionDef)}

    def faults(self, block: terraform.Block) -> Iterator[str]:
        """What the provider would refuse about its arguments, a sentence each."""
        yield from self._faults(f"{self._name}Config", block)

    def _faults(self, name: str, block: terraform.Block) -> Iterator[str]:
        known = self._arguments(name)
        given = {each: value for each, value in block.items() if each not in terraform.OF_TFPARSE}
        for argument in sorted(set(given) - set(known)):
            yield f"{name} has no {argument}"
        for argument, (annotation, is_required) in known.items():
            if argument in given:
                yield from self._faults_of_value(f"{name}.{argument}", annotation, given[argument])
            elif is_required:
                yield f"{name} needs {argument}"

    def _faults_of_value(self, name: str, annotation: ast.expr, value: Any) -> Iterator[str]:
        words = {_word(node) for node in ast.walk(annotation)}
        if nested := words & set(self._classes):
            [inner] = nested
            for block in terraform.several(value):
                yield from self._faults(inner, block)
        elif not isinstance(value, tuple(kind for word in words for kind in _TYPES.get(word, ()))):
            yield f"{name} is {value!r}, not {ast.unparse(annotation)}"

    def _arguments(self, name: str) -> Mapping[str, tuple[ast.expr, bool]]:
        """The type of each argument of a class, and whether it is required."""
        [construct] = (
            each
            for each in self._classes[name].body
            if isinstance(each, ast.FunctionDef) and each.name == "__init__"
        )
        signature = construct.args
        return {
            each.arg: (each.annotation, default is None)
            for each, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
            if each.annotation
        }


@cache
def _classes(module: str) -> Mapping[str, ast.ClassDef]:
    with zipfile.ZipFile(tools.provider()) as wheel:
        source = wheel.read(f"cdktf_cdktf_provider_aws/{module}/__init__.py")
    return {each.name: each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)}


def _word(node: ast.AST) -> str:
    """The last name of a type, written out or quoted."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Constant(value=str(name)):
            return name
    return ""
