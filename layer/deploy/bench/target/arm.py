"""The two arms of the comparison: one function without the layer, and the same with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ...functions import attachment, environment
from ...functions.attachment import AttachRequest
from ...functions.configuration import Configuration
from ...layers import layer
from ...layers.choice import LayerChoice

MARK = "BENCH_BY_WARMKEY"
"""The variable that changes with each start; no setting of the layer, hence no `WARMKEY_…`."""

Name = Literal["without", "with"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the two.

    Attributes:
        name: Which.
        configuration: What its function is like; the ARN is the one that is changed and invoked.
    """

    name: Name
    configuration: Configuration

    @property
    def label(self) -> str:
        """What to call it."""
        return f"{self.name} the layer"

    def marked(self, mark: str) -> Mapping[str, str]:
        """Its variables, different from those of every other start."""
        return {**self.configuration.variables, MARK: mark}


def of(
    current: Configuration, choice: LayerChoice, request: AttachRequest, *, named: bool
) -> tuple[Arm, Arm]:
    """The arms: without the layer, then with it.

    Args:
        current: The function as it is; if it has the layer, that is one of them.
        choice: Which layer it gets if it has none.
        request: What it is to declare besides.
        named: Whether an operator has chosen the layer, so that it is to replace what is there.

    Raises:
        Failure: It can't have the layer.
    """
    has_it = any(map(layer.is_warmkey, current.layers))
    without, with_it = current, current
    if has_it:
        without = attachment.detach(current)
    if not has_it or named or request.variables or request.exec_wrapper:
        with_it = attachment.attach(current, choice.of(current.architecture), request)
    for each in (without, with_it):
        environment.check_size({**each.variables, MARK: "9999.9"})
    return Arm("without", without), Arm("with", with_it)


def moved(arm: Arm, arn: str) -> Arm:
    """The same arm, on another function."""
    return replace(arm, configuration=replace(arm.configuration, arn=arn))
