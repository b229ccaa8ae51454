"""Targets: one name under which a secret is stored, in whichever store."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime

from boto3.session import Session

from ...output.change import Change
from .present import Present
from .put_request import PutRequest


@dataclass(frozen=True, slots=True)
class Version:
    """A version of what is stored, without its value.

    Attributes:
        version: A number, or an id.
        modified: When it was written; None where that is not known.
        labels: A parameter's labels, or a secret's stages.
        by: The ARN of who wrote it; empty where that is not known.
    """

    version: str
    modified: datetime | None
    labels: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What is stored, in one version.

    Attributes:
        value: The value.
        version: Which version it is.
    """

    value: str | bytes = field(repr=False)
    version: str


class Target(ABC):
    """One name in a store.

    Args:
        session: The operator's.
        name: The name, as the store is told it.
        tags: Whether its tags are to be looked up.

    Attributes:
        name: As given.
    """

    def __init__(self, session: Session, name: str, *, tags: bool = False) -> None:
        self.name = name
        self._session = session
        self._with_tags = tags

    @abstractmethod
    def look_up(self) -> Present | None:
        """What is stored; None where nothing is.

        Raises:
            Failure: Neither a description nor the value may be seen.
        """

    @abstractmethod
    def check(self, request: PutRequest, present: Present | None) -> None:
        """Make sure that the store will take it, as far as that can be told beforehand.

        Raises:
            Failure: It won't.
        """

    @abstractmethod
    def change(self, request: PutRequest, present: Present | None, where: str) -> Change:
        """What storing it changes; nothing where the same is stored already.

        Args:
            request: What is wanted; its key None where it is the present one.
            present: What is there.
            where: The account, as shown.
        """

    def prepare(
        self,
        request: PutRequest,
        present: Present | None,
        where: str,
        *,
        overwrite: bool,
        found: str,
    ) -> Change:
        """What storing it changes, once nothing is against that.

        Args:
            request: What is wanted.
            present: What is there.
            where: The account, as shown.
            overwrite: Whether another value may be replaced.
            found: How a refusal begins, such as `/key is there`.

        Raises:
            Failure: The store will not take it, or something else is there.
        """
        change = self.change(request, present, where)
        if change:
            self.check(request, present)
            if present and not overwrite:
                raise present.not_replaced(found)
        return change

    @abstractmethod
    def put(self, request: PutRequest, present: Present | None) -> str:
        """Store it.

        Returns:
            The version that it is.

        Raises:
            Failure: AWS refused; what it said is told without the value.
        """

    @abstractmethod
    def read(self, version: str) -> Value:
        """What is stored in a version, or label, or stage; the current one where it is empty.

        Raises:
            ClientError: AWS refused.
        """

    @abstractmethod
    def history(self) -> list[Version]:
        """Every version that there still is, the newest first.

        Raises:
            ClientError: AWS refused.
        """

    @abstractmethod
    def removal(self, present: Present, where: str, days: int) -> Change:
        """What deleting it changes.

        Args:
            present: What is there.
            where: The account, as shown.
            days: How long it can be brought back, where the store knows that.
        """

    @abstractmethod
    def delete(self, days: int) -> None:
        """Delete it.

        Raises:
            ClientError: AWS refused.
        """
