"""The target of a bench: where its arms are, and how that becomes again as it was."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ...functions.store import Functions
from ...output.change import Change
from ...output.failure import Failure
from ..interruption import Interruption
from . import code
from .arm import Arm
from .copies import Copies
from .in_place import InPlaceTarget
from .original import Original

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


class Target(Protocol):
    """Where the arms are."""

    @property
    def arms(self) -> Sequence[Arm]:
        """What is measured, in the order of the first round."""

    @property
    def shared(self) -> bool:
        """Whether both are one function, which becomes the one and the other in turn."""

    def changes(self) -> list[Change]:
        """What is about to be different in the account, for as long as the bench goes on."""

    def prepare(self) -> None:
        """Make these changes."""

    def put_back(self) -> None:
        """Undo these changes; called again, it undoes what is left.

        Raises:
            botocore.exceptions.ClientError: AWS refuses a part of it.
        """

    def by_hand(self) -> list[str]:
        """The commands that do the same, without a secret in them."""


def choose(
    client: "LambdaClient",
    original: Original,
    arms: Sequence[Arm],
    interruption: Interruption,
    *,
    in_place: bool,
) -> Target:
    """Where to measure.

    Args:
        client: Lambda's.
        original: The function.
        arms: What is compared.
        interruption: The signals that may end it.
        in_place: Whether the function itself may be changed.

    Raises:
        Failure: It may, but that can't be put back.
    """
    if not in_place:
        return Copies(client, original, arms, secrets.token_hex(3), code.fetch, interruption)
    if original.qualifier:
        raise Failure(
            "a version can't be changed, so --in-place works for $LATEST only",
            "leave out --in-place or --qualifier",
        )
    if original.snap_start:
        raise Failure(
            "with SnapStart each start needs a version of its own, published on your function",
            "leave out --in-place to measure copies",
        )
    return InPlaceTarget(Functions(client), original.configuration, arms)
