"""Functions in Lambda: found, read, and changed so that nobody's change is lost.

Lambda takes 15 calls a second of an account and region, whatever they are, but 100 of
GetFunction; so that is what is asked, again and again, until no update is in progress:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
A revision changes once more when an update is done, so it is read only when none is under way:
https://github.com/aws/aws-sdk/issues/377
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError, WaiterError

from ..account import RETRYING, Account
from ..output.change import Change
from ..output.failure import Failure
from .configuration import Configuration, change, read

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_lambda.type_defs import FunctionConfigurationTypeDef

AT_ONCE = 8
"""How many functions are worked on at once: each costs one of the 15 calls, and takes seconds."""

_ATTEMPTS = 6
_CONFLICTS = frozenset({"ResourceConflictException", "PreconditionFailedException"})
_MISSING = "ResourceNotFoundException"
_Waiter = Literal["function_active_v2", "function_updated_v2"]


class Functions:
    """The functions of an account, in one region.

    Args:
        client: Lambda's.
        sleep: Waits for so many seconds.
        poll_interval: Seconds between two looks at a function that is being updated.
    """

    def __init__(
        self,
        client: "LambdaClient",
        sleep: Callable[[float], None] = time.sleep,
        poll_interval: int = 1,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._poll = {"Delay": poll_interval, "MaxAttempts": 300}

    @classmethod
    def of(cls, account: Account) -> "Functions":
        """Those that an account has in its region."""
        return cls(account.session.client("lambda", config=RETRYING))

    def all(self) -> Iterator[Configuration]:
        """Every function, as it is listed: without a revision that could be relied on."""
        for page in self._client.get_paginator("list_functions").paginate():
            yield from map(read, page["Functions"])

    def all_versions(self) -> Iterator[Configuration]:
        """Every function, and every published version of it."""
        pages = self._client.get_paginator("list_functions").paginate(FunctionVersion="ALL")
        for page in pages:
            yield from map(read, page["Functions"])

    def get(self, name: str) -> Configuration:
        """One function, by name or ARN, once no update of it is under way.

        Raises:
            Failure: There is no such function, or its update does not end.
        """
        try:
            described = self._describe(name)
            if described.get("State") == "Pending":
                self._wait("function_active_v2", name)
            elif described.get("LastUpdateStatus") == "InProgress":
                self._wait("function_updated_v2", name)
            else:
                return read(described)
            return read(self._describe(name))
        except ClientError as error:
            if error.response["Error"]["Code"] != _MISSING:
                raise
            where = self._client.meta.region_name
            raise Failure(
                f"there is no function of that name in {where}",
                "is it another region (--region) or account (--profile)?",
            ) from None

    def update(
        self,
        name: str,
        before: Configuration,
        after: Configuration,
        plan: Callable[[Configuration], Configuration],
    ) -> None:
        """Change a function as it was shown, and wait until Lambda has done so.

        Where somebody else changes it at the same time, it is read and planned anew.

        Args:
            name: The function's name or ARN.
            before: Its configuration when the change was shown to the operator.
            after: The one that it was to have then.
            plan: From the one to the other.

        Raises:
            Failure: The change would be another one by now, it does not come about, or somebody
                else changes the function all the time.
        """
        for attempt in range(_ATTEMPTS):
            current = self.get(name)
            if current != before:
                before, after = current, _planned_anew(current, plan, change(before, after))
            if before == after:
                return
            try:
                self._put(name, after)
            except ClientError as error:
                if error.response["Error"]["Code"] not in _CONFLICTS:
                    raise
                if attempt + 1 < _ATTEMPTS:
                    self._sleep(random.uniform(0, 2**attempt))  # noqa: S311 (jitter)
            else:
                self._wait("function_updated_v2", name)
                return
        raise Failure(
            f"somebody else changed it at each of {_ATTEMPTS} attempts", "run this again later"
        )

    def begin(self, after: Configuration) -> None:
        """Have a function changed, at the revision that was read; `get` waits until it is.

        Raises:
            ClientError: Somebody else has changed it since, or is just doing so.
        """
        self._put(after.name, after)

    def _put(self, name: str, after: Configuration) -> None:
        self._client.update_function_configuration(
            FunctionName=name,
            Layers=list(after.layers),
            Environment={"Variables": dict(after.variables)},
            **({"RevisionId": after.revision} if after.revision else {}),  # type: ignore[arg-type]
        )

    def _describe(self, name: str) -> "FunctionConfigurationTypeDef":
        return self._client.get_function(FunctionName=name)["Configuration"]

    def _wait(self, what: _Waiter, name: str) -> None:
        waiter: Any = self._client.get_waiter(what)
        try:
            waiter.wait(FunctionName=name, WaiterConfig=self._poll)
        except WaiterError as error:
            last: Any = error.last_response
            found = last.get("Configuration", {})
            reason = found.get("LastUpdateStatusReason") or found.get("StateReason") or error
            raise Failure(
                f"Lambda could not apply an update: {reason}", "fix that, and run this again"
            ) from None


def _planned_anew(
    current: Configuration, plan: Callable[[Configuration], Configuration], shown: Change
) -> Configuration:
    """What a function is to have now that somebody else has changed it.

    Raises:
        Failure: That is another change than was shown, and something is left to change.
    """
    after = plan(current)
    would_be = change(current, after)
    if would_be and would_be != shown:
        raise Failure("somebody else has changed it meanwhile", "review it, and run this again")
    return after
