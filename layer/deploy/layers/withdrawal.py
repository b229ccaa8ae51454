"""Withdrawal: old versions of the layer that no function has are deleted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from ..output.change import Change
from ..output.plan import Plan
from . import layer
from .layer import LayerVersion
from .store import LayerStore


@dataclass(frozen=True, slots=True)
class Old:
    """A version that is not among the newest, in one region.

    Attributes:
        version: It.
        store: The layers of its region.
        used: Whether a function there has it, in whatever version of the function.
    """

    version: LayerVersion
    store: LayerStore
    used: bool


def old_versions(store: LayerStore, in_use: Collection[str], keep: int) -> Iterator[Old]:
    """The versions of Warmkey's layers in a region, but for the newest.

    Args:
        store: The region's layers.
        in_use: The ARNs of the layer versions that its functions have.
        keep: How many of the newest stay, for each architecture.
    """
    for name in layer.NAMES.values():
        versions = sorted(store.versions(name), key=lambda version: version.number, reverse=True)
        for version in versions[keep:]:
            yield Old(version, store, version.arn in in_use)


class Withdrawal:
    """Deletes versions.

    Args:
        old: Those that may go.
        shared: Whether also those that other accounts may use, whose functions nobody sees here.
    """

    def __init__(self, old: Collection[Old], *, shared: bool) -> None:
        self._old = {each.version.arn: each for each in old}
        self._shared = shared

    def plan(self, arn: str) -> Plan:
        """Find out whether a version is to go."""
        old = self._old[arn]
        if old.used:
            return _stays("a function has it")
        if not self._shared and old.store.is_shared(old.version):
            return _stays("other accounts may use it, and may have it (--shared deletes it)")
        present = {"content": old.version.description or "(not described)"}
        change = Change(f"layer version {arn}", present, {})
        return Plan((change,), partial(old.store.delete, old.version))


def _stays(why: str) -> Plan:
    return Plan((), lambda: None, (f"stays: {why}",))
