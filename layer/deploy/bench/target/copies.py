"""Copies: two functions as the original is, which nobody else calls and which end with the bench.

Whoever calls the original notices nothing. The copies have its role, and so its permissions; its
network; and its log group, so that nothing is left of them: there they have streams of their own.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ...functions.configuration import Configuration
from ...functions.store import Functions
from ...output.change import Change
from ..interruption import Interruption
from ..retry import retry
from . import blueprint
from .arm import Arm, moved
from .original import Original

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_MISSING = "ResourceNotFoundException"
_RETRY_SECONDS = 300.0  # the network of a new function may take so long


class Copies:
    """Two copies of a function.

    Args:
        client: Lambda's.
        original: What they are copies of.
        arms: What they are like.
        run: What tells this bench from others.
        code: Fetches the function's code.
        interruption: The signals that may end it.
        sleep: Waits for so many seconds.

    Attributes:
        arms: What is measured.
        shared: No: each has its own.
    """

    shared = False

    def __init__(
        self,
        client: "LambdaClient",
        original: Original,
        arms: Iterable[Arm],
        run: str,
        code: Callable[[Original], bytes],
        interruption: Interruption,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._original = original
        self._fetch = code
        self._interruption = interruption
        self._sleep = sleep
        self.arms = [moved(arm, self._arn(blueprint.name_of(original, arm, run))) for arm in arms]
        self._made: list[Configuration] = []

    def changes(self) -> list[Change]:
        """Two new functions."""
        made = [arm.configuration for arm in self.arms]
        return [
            Change(
                f"function {each.name}, for the time of the bench",
                {},
                _shown(each, self._original),
            )
            for each in made
        ]

    def prepare(self) -> None:
        """Make them, and wait until they can be called."""
        code = self._fetch(self._original)
        for arm in self.arms:
            name = arm.configuration.name
            request = blueprint.request(self._original, arm, name, code)
            with self._interruption.deferred():
                self._made.append(arm.configuration)  # before, as a lost response tells nothing
                retry(partial(self._create, request), self._sleep, _RETRY_SECONDS)
        for arm in self.arms:
            Functions(self._client, self._sleep).get(arm.configuration.name)

    def put_back(self) -> None:
        """Delete them. One that can't be deleted keeps no other."""
        refused: Exception | None = None
        for each in list(self._made):
            try:
                retry(partial(self._delete, each.name), self._sleep, _RETRY_SECONDS)
                self._made.remove(each)
            except Exception as error:
                refused = error
        if refused:
            raise refused

    def by_hand(self) -> list[str]:
        """A command for each that there may be."""
        return [
            f"aws lambda delete-function --region {each.region} --function-name {each.name}"
            for each in self._made or [arm.configuration for arm in self.arms]
        ]

    def _create(self, request: Mapping[str, Any]) -> None:
        try:
            self._client.create_function(**request)
        except ClientError as error:
            if not _is_there(error):  # that was made by an attempt whose response got lost
                raise

    def _delete(self, name: str) -> None:
        try:
            self._client.delete_function(FunctionName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != _MISSING:
                raise

    def _arn(self, name: str) -> str:
        parts = self._original.configuration.arn.split(":")
        return ":".join((*parts[:6], name))


def _is_there(error: ClientError) -> bool:
    """Lambda has one code for this and for transient conflicts; its message tells them apart."""
    said = error.response["Error"]
    return said["Code"] == "ResourceConflictException" and "already exist" in said["Message"]


def _shown(function: Configuration, original: Original) -> dict[str, str]:
    """A copy's properties by name, as an operator is shown them: without what may be a secret."""
    version = f":{original.qualifier}" if original.qualifier else ""
    return {
        "copy of": f"{original.configuration.name}{version}",
        "role": function.role,
        "log group": original.log_group,
        **function.shown(),
    }
