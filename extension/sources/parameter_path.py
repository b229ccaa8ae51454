"""Every parameter under a path, page by page.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..http.failure import Failed, Kind
from ..http.messages import Response
from .calls import Call
from .name import query
from .parameter import SERVICE, TARGET, arn_of, read_parameter
from .responses.json_response import UNEXPECTED, read_json
from .responses.outcome import Found, Listing, Outcome
from .source import Ask, Place, Source, Steps

_PAGE = 10  # the most that the service gives
_LISTINGS = 3  # at most, of a path that is changed all the time
# What a path may have: beyond it, something is wrong with the path or the service.
_MOST_PAGES = 1000
_MOST_BYTES = 16 * 1024 * 1024  # of values


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a path; it may be empty and still not be the last.

    Attributes:
        members: the values by what their names have below the path.
        next_token: what asks for the next page; empty after the last one.
    """

    members: Mapping[str, Found] = field(repr=False)
    next_token: str


@dataclass(frozen=True, slots=True)
class ParameterPath(Source):
    """Every SSM parameter under a path, however deep.

    Attributes:
        name: the path, without a slash at its end.
        role: see `Source`.
    """

    service = SERVICE
    statement = "ReadParameterPaths"
    actions = ("ssm:GetParametersByPath",)

    name: str
    role: str = ""

    @property
    def is_path(self) -> bool:
        """It is."""
        return True

    def text(self) -> str:
        """How somebody would declare it."""
        return f"ssm:{self.name}/*{query(self.role_option)}"

    def arn(self, place: Place) -> str:
        """The path's own ARN, not that of the parameters below it."""
        return arn_of(self.name, place)

    def call(self, token: str = "") -> Call:
        """The call that reads a page.

        Args:
            token: what the page before said; empty for the first.
        """
        body = {
            "Path": self.name,
            "Recursive": True,
            "WithDecryption": True,
            "MaxResults": _PAGE,
            **({"NextToken": token} if token else {}),
        }
        return Call.of(SERVICE, TARGET, "GetParametersByPath", body)

    def fetch(self, ask: Ask, clock: Callable[[], float]) -> Steps[Outcome]:
        """Every value below the path.

        Pages are read one after the other. Where a later one holds what was written since the
        first, all are read again: of values that are rotated together, a client gets all or none.
        """
        members: dict[str, Found] = {}
        for _ in range(_LISTINGS):
            began = clock()
            pages = yield from self._pages(ask)
            if isinstance(pages, Failed):
                return pages
            members = {name: found for page in pages for name, found in page.members.items()}
            later = (found for page in pages[1:] for found in page.members.values())
            if all(found.modified < began for found in later):
                break
        return Listing(self.name, members)

    def _pages(self, ask: Ask) -> Steps[list[Page] | Failed]:
        """Every page, or none: half of the path would look like parameters that are gone."""
        pages: list[Page] = []
        tokens, size = [""], 0
        while True:
            page = yield from ask(self.call(tokens[-1]), self.read)
            if isinstance(page, Failed):
                return page
            pages.append(page)
            size += sum(len(found.value or "") for found in page.members.values())
            if size > _MOST_BYTES or (page.next_token and len(pages) == _MOST_PAGES):
                return Failed(
                    Kind.INVALID,
                    f"{self.name}/* has more than {_MOST_PAGES} pages or {_MOST_BYTES} bytes",
                    "declare a path that has fewer parameters below it, or each of them by itself",
                )
            if not page.next_token:
                return pages
            if page.next_token in tokens:
                return Failed(Kind.INVALID, f"the pages of {self.name} do not end")
            tokens.append(page.next_token)

    def read(self, response: Response) -> Page | Failed:
        """Read the response to `call`."""
        body = read_json(response, f"{self.name}/*", self.role)
        if isinstance(body, Failed):
            return body
        try:
            found = [read_parameter(item) for item in body.get("Parameters") or ()]
        except (KeyError, TypeError, ValueError):
            return UNEXPECTED
        below = f"{self.name}/"
        token = body.get("NextToken") or ""
        if not (isinstance(token, str) and all(each.name.startswith(below) for each in found)):
            return UNEXPECTED
        return Page({each.name.removeprefix(below): each for each in found}, token)
