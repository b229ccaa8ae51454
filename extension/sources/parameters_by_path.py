"""Every parameter under a path, page by page.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..http.failure import Failed
from ..http.messages import Response
from . import calls, replies
from .outcome import Found
from .source import ParameterPath

_PAGE = 10  # the most that the service gives


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a path; it may be empty and still not be the last.

    Attributes:
        members: the values by what their names have below the path.
        next_token: what asks for the next page; empty after the last one.
    """

    members: Mapping[str, Found] = field(repr=False)
    next_token: str


def call(path: ParameterPath, token: str = "") -> calls.Call:
    """The call that reads a page.

    Args:
        path: the path.
        token: what the page before said; empty for the first.
    """
    body = {
        "Path": path.name,
        "Recursive": True,
        "WithDecryption": True,
        "MaxResults": _PAGE,
        **({"NextToken": token} if token else {}),
    }
    return calls.make_call("ssm", "GetParametersByPath", body)


def read(response: Response, path: ParameterPath) -> Page | Failed:
    """Read the answer to `call`."""
    reply = replies.read_reply(response, f"{path.name}/*")
    if isinstance(reply, Failed):
        return reply
    try:
        found = [replies.read_parameter(item) for item in reply.get("Parameters") or ()]
    except (KeyError, TypeError, ValueError):
        return replies.UNEXPECTED
    below = len(path.name) + 1
    token = reply.get("NextToken") or ""
    if not (isinstance(token, str) and all(_is_below(path, each) for each in found)):
        return replies.UNEXPECTED
    return Page({each.name[below:]: each for each in found}, token)


def _is_below(path: ParameterPath, found: Found) -> bool:
    """Whether a parameter is one that was asked for."""
    return found.name.startswith(f"{path.name}/")
