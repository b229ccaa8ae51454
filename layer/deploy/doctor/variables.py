"""Whether the extension will take the function's variables."""

from collections.abc import Iterator, Mapping

from ...extension.declared import settings
from ...extension.declared.variables import SettingError
from .finding import Finding

_CHECK = "settings"


def check(variables: Mapping[str, str], region: str) -> Iterator[Finding]:
    """Read them as the extension does.

    Args:
        variables: The function's.
        region: Where it is, which Lambda tells it.
    """
    try:
        found = settings.parse({**variables, "AWS_REGION": region})
    except SettingError as error:
        yield Finding(
            "error",
            _CHECK,
            str(error),
            "every start of the function fails",
            "correct the variable, or remove it",
        )
        return
    for warning in found.warnings:
        yield Finding(
            "warning",
            _CHECK,
            warning,
            "it has no effect",
            "correct the variable's name or value, or remove it",
        )
