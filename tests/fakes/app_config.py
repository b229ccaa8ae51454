"""A kind of source that Warmkey doesn't have: what adding one takes.

Its service is the one object that names it; see `extension.sources.source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extension.http.failure import Failed, Kind
from extension.sources.calls import Call
from extension.sources.name import ALPHANUMERIC, check_name
from extension.sources.responses.outcome import Found
from extension.sources.service import Service
from extension.sources.source import Place, SingleSource, Source

_SERVICE, _TARGET = "appconfig", "AppConfig"


@dataclass(frozen=True, slots=True)
class Configuration(SingleSource):
    """One configuration.

    Attributes:
        name: its name.
    """

    service = _SERVICE
    statement = "ReadConfigurations"
    actions = ("appconfig:GetLatestConfiguration",)

    name: str

    def text(self) -> str:
        """How somebody would declare it."""
        return f"{_SERVICE}:{self.name}"

    def call(self) -> Call:
        """`GetLatestConfiguration`."""
        return Call.of(_SERVICE, _TARGET, "GetLatestConfiguration", {"Name": self.name})

    def found(self, body: Mapping[str, Any]) -> Found:
        """The configuration in a reply."""
        return Found(body["Name"], body["Content"], body["Version"], "Configuration", "", 0)

    def matches(self, found: Found) -> bool:
        """Whether a value is of its name."""
        return found.name == self.name

    def missing(self, _said: str = "") -> Failed:
        """There is none of its name."""
        return Failed(Kind.MISSING, f"configuration {self.name} does not exist", "deploy it")

    def arn(self, place: Place) -> str:
        """Its ARN."""
        return place.arn(_SERVICE, f"configuration/{self.name}")


class AppConfig(Service):
    """A service with one kind of source."""

    name = _SERVICE
    variables = "APP_CONFIG"
    endpoint_url = "AWS_ENDPOINT_URL_APPCONFIG"
    forms = "appconfig:name"
    kinds = (Configuration,)

    def parse(self, text: str, _options: Mapping[str, str]) -> Source | None:
        """A configuration by name."""
        prefix, _, name = text.partition(":")
        if prefix != _SERVICE:
            return None
        check_name(name, ALPHANUMERIC)
        return Configuration(name)
