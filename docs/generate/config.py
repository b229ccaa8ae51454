"""The members of warmkey.json and the forms of a reference, from `layer/warmkey.schema.json`."""

import json
from pathlib import Path
from typing import Any

from docs.generate.table import table

SOURCE = Path(__file__).parents[2] / "layer/warmkey.schema.json"


def schema() -> Any:
    """The schema."""
    return json.loads(SOURCE.read_text("utf-8"))


def members_as_markdown() -> str:
    """The table of the file's members."""
    rows = (
        (f"`{name}`", _types(about), about["description"])
        for name, about in schema()["properties"].items()
    )
    return table(("member", "type", ""), rows)


def references_as_markdown() -> str:
    """The table of the forms that a reference may have."""
    rows = (
        (form["title"], "<br>".join(f"`{each}`" for each in form["examples"]), form["description"])
        for form in schema()["$defs"]["reference"]["anyOf"]
    )
    return table(("form", "for instance", ""), rows)


def _types(about: dict[str, Any]) -> str:
    types = about.get("type", "object")
    return types if isinstance(types, str) else " or ".join(types)
