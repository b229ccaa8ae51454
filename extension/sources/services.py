"""The services that have sources. One more is one more here."""

from __future__ import annotations

from collections.abc import Mapping

from .secretsmanager import SecretsManager
from .service import Service
from .source import Source
from .ssm import ParameterStore

SERVICES: dict[str, Service] = {each.name: each for each in (ParameterStore(), SecretsManager())}
"""By their names."""


def parse(text: str, options: Mapping[str, str]) -> Source | None:
    """The source of a reference; None where the text has the form of none.

    Args:
        text: what the reference has before its `?`.
        options: those that may be the service's own.

    Raises:
        MalformedSource: it has a form, and is wrong.
    """
    for service in SERVICES.values():
        if source := service.parse(text, options):
            return source
    return None


def kinds() -> list[type[Source]]:
    """Every kind of source."""
    return [kind for service in SERVICES.values() for kind in service.kinds]
