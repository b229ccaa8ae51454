"""The formats of files with many secrets: `.env`, chamber's JSON, and that of `aws ssm`."""

import json
from collections.abc import Mapping
from typing import Any

from ...extension.declared.declarations import DeclarationError
from ...extension.declared.files import env_file
from ..output.failure import InvalidInput

_FORMS = (
    "it must be NAME=value lines, the JSON of `chamber export`, or that of `aws ssm "
    "get-parameters-by-path --with-decryption`"
)


def parse(text: str, path: str) -> dict[str, str]:
    """The values of a file, by their names in it; whichever of the formats it has.

    Args:
        text: The file's text.
        path: Its path, for messages.

    Raises:
        InvalidInput: It has none of them. The message holds nothing of the text.
    """
    if not text.lstrip().startswith(("{", "[")):
        try:
            return env_file.parse(text, path)
        except DeclarationError as error:
            raise InvalidInput(str(error), _FORMS) from None
    try:
        found = json.loads(text)
        values = _of_ssm(found["Parameters"]) if "Parameters" in found else dict(found)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InvalidInput(f"{path} is JSON of another kind", _FORMS) from None
    if strange := [name for name, value in values.items() if not isinstance(value, str)]:
        raise InvalidInput(f"{path}: {', '.join(strange)} is no text", _FORMS)
    return values


def _of_ssm(parameters: list[Mapping[str, Any]]) -> dict[str, str]:
    """https://docs.aws.amazon.com/cli/latest/reference/ssm/get-parameters-by-path.html."""
    return {each["Name"]: each["Value"] for each in parameters}
