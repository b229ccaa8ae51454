"""Every secret in one response, built piece by piece: as JSON, or as text for a shell."""

from __future__ import annotations

from collections.abc import Container

from ...declared.environment import variable_name
from ...declared.environment.steering import steers
from ...http import json_text
from ...http.messages import Response
from .representation import base64


class AllSecrets:
    """Secrets by alias, in the order in which they are added.

    For a shell each is an assignment that evaluates to exactly the value. Aliases that are no
    variable's name, those of a path's parameters that steer programs, and values that no variable
    can hold, are in comments.

    Args:
        form: `json`, `dotenv` or `shell`.
        declared: the aliases that were declared themselves; others are those of a path.
    """

    __slots__ = ("_declared", "_form", "_pieces")

    def __init__(self, form: str, declared: Container[str]) -> None:
        self._form = form
        self._declared = declared
        self._pieces: list[str] = []

    def add(self, alias: str, value: str | bytes) -> None:
        """Add a secret; in JSON, a binary one is in base64."""
        if self._form == "json":
            text = value if isinstance(value, str) else base64(value)
            self._pieces.append(json_text.encode({alias: text})[1:-1])
        else:
            self._pieces.append(self._line(alias, value))

    def response(self) -> Response:
        """The response with what was added, for nobody to store."""
        if self._form == "json":
            content_type, body = "application/json", f"{{{','.join(self._pieces)}}}"
        else:
            content_type, body = "text/plain; charset=utf-8", "".join(self._pieces)
        headers = (("Content-Type", content_type), ("Cache-Control", "no-store"))
        return Response(200, headers, body.encode())

    def _line(self, alias: str, value: str | bytes) -> str:
        if steers(alias) and alias not in self._declared:
            return f"# not set from a path, as it steers programs: {json_text.encode(alias)}\n"
        if not variable_name.is_valid(alias):
            return f"# not a variable's name: {json_text.encode(alias)}\n"
        if isinstance(value, bytes) or "\0" in value:
            return f"# binary, so no variable can hold it: {alias}\n"
        prefix = "export " if self._form == "shell" else ""
        quoted = value.replace("'", "'\\''")
        return f"{prefix}{alias}='{quoted}'\n"
