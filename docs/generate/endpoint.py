"""The endpoint's paths, from `layer/openapi.yaml`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load

from docs.generate.table import table

SOURCE = Path(__file__).parents[2] / "layer/openapi.yaml"


def as_markdown() -> str:
    """A section for each path: what it takes and what it answers."""
    api = yaml_load(SOURCE.read_text("utf-8"))
    seen: dict[str, None] = {}
    sections = []
    for path, item in api["paths"].items():
        if path.removesuffix("/") not in seen:
            seen[path] = None
            sections.append(_section(api, path, _resolved(api, item)["get"]))
    return "\n\n".join(sections)


def _section(api: Mapping[str, Any], path: str, operation: Mapping[str, Any]) -> str:
    token = "No token." if operation.get("security") == [] else ""
    text = " ".join(filter(None, (operation.get("description", "").strip(), token)))
    answers = {status: _resolved(api, answer) for status, answer in operation["responses"].items()}
    errors = ", ".join(status for status in answers if status >= "400")
    parts = [
        f"### `GET {path}`",
        f"{operation['summary']}. {text}".strip(),
        _parameters(api, operation.get("parameters", ())),
        table(
            ("status", "means", "body", "headers"),
            (_answer(status, answer) for status, answer in answers.items() if status < "400"),
        ),
        f"Or [an error](errors.md): {errors}.",
    ]
    return "\n\n".join(filter(None, parts))


def _parameters(api: Mapping[str, Any], parameters: list[Mapping[str, Any]]) -> str:
    rows = (
        (
            f"`{each['name']}`",
            each["in"] + (", required" if each.get("required") else ""),
            " ".join(filter(None, (each.get("description", ""), *_values(api, each["schema"])))),
        )
        for each in parameters
    )
    return table(("parameter", "in", ""), rows) if parameters else ""


def _values(api: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    schema = _resolved(api, schema)
    if "enum" in schema:
        yield f"One of {', '.join(f'`{value}`' for value in schema['enum'])}."
    if "default" in schema:
        yield f"Default `{schema['default']}`."


def _answer(status: str, answer: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = ", ".join(f"`{kind}`" for kind in answer.get("content", ()))
    headers = ", ".join(f"`{name}`" for name in answer.get("headers", ()))
    return status, " ".join(answer["description"].split()), kinds, headers


def _resolved(api: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a `$ref` stands for, or the item itself."""
    if "$ref" not in item:
        return item
    found: Any = api
    for name in item["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    resolved: Mapping[str, Any] = found
    return resolved
