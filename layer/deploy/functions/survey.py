"""Surveys: which functions have Warmkey, in which version, and which are behind."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..account import Account
from ..layers import layer
from ..layers.layer import LayerVersion
from ..layers.store import LayerStore
from ..output.failure import Failure
from .configuration import Configuration
from .environment import WARMKEY_EXEC, WRAPPER
from .selection import EVERYTHING, Selection
from .store import Functions


@dataclass(frozen=True, slots=True)
class Finding:
    """A function that has Warmkey, as `--json` tells it.

    Attributes:
        function: Its name.
        region: Its region.
        architecture: Its architecture.
        version: The version of Warmkey that it has; empty where that can't be told.
        layer: The ARN of the layer's version.
        behind: The newer one that it could have; empty where it has the newest.
        exec_wrapper: Whether its runtime is started through the exec wrapper.
    """

    function: str
    region: str
    architecture: str
    version: str
    layer: str
    behind: str
    exec_wrapper: bool


def survey(account: Account, own: str, selection: Selection = EVERYTHING) -> list[Finding]:
    """Look at functions of an account and region.

    Args:
        account: The account, in the region.
        own: The version of this command, which comes with a layer of the same version.
        selection: Which of those that have Warmkey; all unless it names some.

    Raises:
        Failure: Nothing is as it is selected.
    """
    functions, store = Functions.of(account), LayerStore.of(account)
    wanted = selection.find_names(account) if selection else None
    published = {name: list(store.versions(name)) for name in layer.NAMES.values()}
    known = {version.arn: version for versions in published.values() for version in versions}
    newest = {
        name: max(versions, key=lambda version: version.number)
        for name, versions in published.items()
        if versions
    }
    found = []
    for function, arn in _with_warmkey(functions):
        if wanted is not None and function.name not in wanted:
            continue
        if arn not in known:
            known[arn] = _look_up(store, arn)
        newer = behind(known[arn], newest.get(layer.NAMES[function.architecture]), own)
        found.append(_finding(function, known[arn], newer))
    return sorted(found, key=lambda finding: finding.function)


def behind(version: LayerVersion, newest: LayerVersion | None, own: str) -> str:
    """What a function could have that has a layer version.

    Args:
        version: What it has.
        newest: What is published in its account and region, if anything.
        own: The version of this command.

    Returns:
        A version of Warmkey, or a layer version that is another build of the same one; empty
        where there is nothing newer.
    """
    latest = max(own, newest.warmkey if newest else "", key=layer.order)
    if layer.order(version.warmkey) < layer.order(latest):
        return latest
    if newest and layer.is_newer(newest, version):
        return newest.arn
    return ""


def _with_warmkey(functions: Functions) -> Iterator[tuple[Configuration, str]]:
    for function in functions.all():
        for arn in function.layers:
            if layer.is_warmkey(arn):
                yield function, arn


def _look_up(store: LayerStore, arn: str) -> LayerVersion:
    """A layer of another account; one that has been deleted, or may not be seen, tells nothing."""
    try:
        return store.get(arn)
    except Failure:
        return LayerVersion(arn)


def _finding(function: Configuration, version: LayerVersion, newer: str) -> Finding:
    return Finding(
        function.name,
        function.region,
        function.architecture,
        version.warmkey,
        version.arn,
        newer,
        function.variables.get(WRAPPER) == WARMKEY_EXEC,
    )
