"""Selections: which functions a command is for, by name, ARN, tag or prefix."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..account import RETRYING, Account
from ..output.failure import Failure, InvalidInput
from .store import Functions

_FUNCTION = "function"
# https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
_NAME = re.compile(r"[a-zA-Z0-9_.:$-]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """What an operator named.

    Attributes:
        names: Names and ARNs of functions.
        tags: What a function must be tagged with, all of it.
        prefix: What a function's name must begin with.
    """

    names: Sequence[str]
    tags: Mapping[str, str]
    prefix: str

    def __bool__(self) -> bool:
        """Whether anything is named."""
        return bool(self.names or self.tags or self.prefix)

    def find_names(self, account: Account) -> set[str]:
        """The names of the functions that are meant, without what an ARN says besides.

        Raises:
            InvalidInput, Failure: As `find`.
        """
        return {_name_in(each) for each in self.find(account)}

    def find(self, account: Account) -> list[str]:
        """The names, or ARNs, of the functions that are meant, each once.

        Raises:
            InvalidInput: Nothing is named, or what is not in the account's region.
        Failure: Nothing is found.
        """
        for name in self.names:
            _check(name, account.region)
        chosen = dict.fromkeys((*self.names, *sorted(self._matching(account))))
        if found := _each_once(list(chosen), account):
            return found
        if self.tags or self.prefix:
            raise Failure(
                f"no function in {account.region} matches",
                "is it another region (--region) or account (--profile)?",
            )
        raise InvalidInput("no function is named", "name one, or choose by --tag or --prefix")

    def _matching(self, account: Account) -> Iterator[str]:
        if self.tags:
            names = _tagged(account, self.tags)
        elif self.prefix:
            names = (each.name for each in Functions.of(account).all())
        else:
            return
        yield from (name for name in names if name.startswith(self.prefix))


EVERYTHING = Selection((), {}, "")
"""What names nothing, for commands that then mean all."""


def _each_once(chosen: Sequence[str], account: Account) -> list[str]:
    """Names and ARNs without those that mean the same function; the first of them stays.

    Of whom an account's ARN is, AWS is asked only where it matters.
    """
    found: list[str] = []
    for name in chosen:
        same = [other for other in found if _name_in(other) == _name_in(name)]
        if not any(_account_in(each, account) == _account_in(name, account) for each in same):
            found.append(name)
    return found


def _name_in(function: str) -> str:
    """The function's name in a name or ARN."""
    return function.rpartition(":")[2]


def _account_in(function: str, account: Account) -> str:
    """The account in an ARN; for a name, the one that it is looked up in."""
    return function.split(":")[4] if function.startswith("arn:") else account.id


def _tagged(account: Account, tags: Mapping[str, str]) -> Iterator[str]:
    client = account.session.client("resourcegroupstaggingapi", config=RETRYING)
    pages = client.get_paginator("get_resources").paginate(
        ResourceTypeFilters=["lambda:function"],
        TagFilters=[{"Key": key, "Values": [value]} for key, value in tags.items()],
    )
    for page in pages:
        for resource in page["ResourceTagMappingList"]:
            yield resource["ResourceARN"].split(":")[6]


def _check(name: str, region: str) -> None:
    """Make sure that a name or ARN is of a function that can be changed from here.

    Raises:
        InvalidInput: It is no name, one of another region, or a version or an alias.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} is not the name of a function",
            "letters, digits, - and _ make a name; an ARN is like "
            "arn:aws:lambda:REGION:ACCOUNT:function:NAME",
        )
    parts = name.split(":")
    if parts[0] == "arn" and len(parts) > 6 and parts[3] != region:
        raise InvalidInput(
            f"{name} is in {parts[3]}, and this command is for {region or 'no region'}",
            f"run this again for it, with --region {parts[3]}",
        )
    after = parts[parts.index(_FUNCTION) + 1 :] if _FUNCTION in parts else parts
    if len(after) > 1:
        raise InvalidInput(
            f"{name} is a version or an alias, which can't be changed",
            f"attach to {after[0]}, and publish a version of that",
        )
