"""The settings, as the daemon itself tells of them.

It is asked: each variable is given a value that can't be right, and what it says of that names the
range and the default. So nothing here repeats what `extension/declared/settings.py` says.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from docs.generate.table import table
from extension.declared import settings
from extension.declared.environment.variables import SettingError

_LEAST = {"AWS_REGION": "eu-central-1"}
_NONSENSE = "?"
_HANDED_OVER = ("_AT", "_FD")  # how the launcher's own end, which nobody sets
_REFUSED = re.compile(r"it must be (?P<allowed>.+)\. Correct it, .* default (?P<default>\S+)$")
_COMPLAINED = re.compile(r", not (?P<allowed>.+); using the default (?P<default>\S+)$")
_OFFICIAL = ("PARAMETERS_SECRETS_EXTENSION_", "SSM_PARAMETER_STORE_", "SECRETS_MANAGER_")


class Setting(NamedTuple):
    """A variable.

    Attributes:
        name: its name.
        official: the names of AWS's extension that are read where it is not set.
        default: its default; empty where there is none.
        allowed: what it may be, in the daemon's words; empty for any text.
    """

    name: str
    official: tuple[str, ...]
    default: str
    allowed: str


def own() -> list[Setting]:
    """Warmkey's own variables, in the order in which the daemon reads them."""
    known = settings.parse(_LEAST).known
    names = (name for name in dict.fromkeys(known) if not name.endswith(_HANDED_OVER))
    return [_setting(name) for name in names]


def official_only() -> list[Setting]:
    """The variables of AWS's extension that have no counterpart of Warmkey's."""
    paired = {name for setting in own() for name in setting.official}
    return [_official(name) for name in _asked() if name not in paired]


def as_markdown() -> str:
    """The table of all that are Warmkey's own."""
    head = ("variable", "name of AWS's extension", "default", "allowed")
    return table(
        head,
        (
            (
                f"[`{setting.name}`](#{setting.name.lower()})",
                "<br>".join(f"`{name}`" for name in setting.official),
                setting.default,
                setting.allowed or "text",
            )
            for setting in own()
        ),
    )


def official_as_markdown() -> str:
    """The table of those that only AWS's extension has."""
    rows = ((f"`{each.name}`", each.default, each.allowed) for each in official_only())
    return table(("variable", "default", "allowed"), rows)


def _setting(name: str) -> Setting:
    try:
        settings.parse({**_LEAST, name: _NONSENSE})
    except SettingError as error:
        if said := _REFUSED.search(str(error)):
            return Setting(name, tuple(_read_after(name)), said["default"], said["allowed"])
    return Setting(name, (), "", "")


def _read_after(name: str) -> Iterator[str]:
    """The official names that no longer count once Warmkey's own is set."""
    for official in _asked():
        bad = {**_LEAST, official: _NONSENSE}
        valid = {name: _valid(name)}
        if (
            settings.parse(bad).value_warnings
            and not settings.parse({**bad, **valid}).value_warnings
        ):
            yield official


def _valid(name: str) -> str:
    """A value that is right, whatever kind of setting it is."""
    for text in ("1", "100", "true", "any", "info", "env", "127.0.0.1:8080"):
        try:
            settings.parse({**_LEAST, name: text})
        except SettingError:
            continue
        return text
    raise AssertionError(f"no value is right for {name}")


def _official(name: str) -> Setting:
    (complaint,) = settings.parse({**_LEAST, name: _NONSENSE}).value_warnings
    said = _COMPLAINED.search(complaint)
    assert said is not None, complaint  # noqa: S101 - or the daemon says it in other words now
    return Setting(name, (), said["default"], said["allowed"])


class _Environment(dict[str, str]):
    """An environment that notes which names were looked up."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.asked: dict[str, None] = {}

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked[name] = None
        return super().get(name, default)


def _asked() -> list[str]:
    """The official names that the daemon looks up."""
    environment = _Environment(_LEAST)
    settings.parse(environment)
    return [name for name in environment.asked if name.startswith(_OFFICIAL)]
