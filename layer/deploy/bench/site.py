"""A site: where the arms of a bench stand, and how it becomes again as it was."""

from collections.abc import Sequence
from typing import Protocol

from ..change import Change
from .arm import Arm


class Site(Protocol):
    """Where the arms stand."""

    @property
    def arms(self) -> Sequence[Arm]:
        """What is measured, in the order of the first round."""

    @property
    def shared(self) -> bool:
        """Whether both are one function, which becomes the one and the other in turn."""

    def changes(self) -> list[Change]:
        """What is about to be different in the account, for as long as the bench goes on."""

    def prepare(self) -> None:
        """Make it so."""

    def put_back(self) -> None:
        """Leave nothing of it; done again, it does what is left to do.

        Raises:
            botocore.exceptions.ClientError: AWS refuses a part of it.
        """

    def by_hand(self) -> list[str]:
        """The commands that do the same, without a secret in them."""
