"""Which layer a function gets: the one an operator names, or the newest that is published."""

from collections.abc import Sequence

from ..output.failure import InvalidInput
from . import layer
from .layer import LayerVersion
from .store import LayerStore


class LayerChoice:
    """The layers to choose from.

    Args:
        store: The layers of the functions' region.
        arns: Those that are named; the newest published ones unless given.

    Raises:
        InvalidInput: One that is named is not Warmkey's, or is in another region.
        Failure: It may not be used.
    """

    def __init__(self, store: LayerStore, arns: Sequence[str]) -> None:
        self._store = store
        self._named = [self._get(arn) for arn in arns]
        self._newest: dict[str, LayerVersion] = {}

    @property
    def chosen(self) -> list[str]:
        """The ARNs of those that were named, or have been asked for."""
        return [each.arn for each in (*self._named, *self._newest.values())]

    def of(self, architecture: str) -> LayerVersion:
        """The one for an architecture; where only others are named, the first of those.

        Raises:
            Failure: None is named, and none published.
        """
        for version in self._named:
            if architecture in version.architectures:
                return version
        if self._named:
            return self._named[0]
        if architecture not in self._newest:
            self._newest[architecture] = self._store.newest(architecture)
        return self._newest[architecture]

    def _get(self, arn: str) -> LayerVersion:
        parts = arn.split(":")
        if len(parts) != 8 or parts[5] != "layer" or not parts[7].isdigit():
            raise InvalidInput(
                f"{arn} is not the ARN of a layer's version",
                "it is like arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION",
            )
        if not layer.is_warmkey(arn):
            raise InvalidInput(
                f"{arn} is not named {' or '.join(layer.NAMES.values())}",
                "publish it under that name, by which attach, detach and status recognize it",
            )
        if parts[3] != self._store.region:
            raise InvalidInput(
                f"{arn} is in {parts[3]}, and a function can only have layers of its own region, "
                f"{self._store.region}",
                "publish it there, or name one that is there",
            )
        return self._store.get(arn)
