"""Responses that come in parts, as a network delivers them."""

from collections.abc import Iterable
from itertools import pairwise

from extension.http.client.response_parser import ResponseParser
from extension.http.messages import Response


def read(parts: Iterable[bytes]) -> Response | None:
    """The response that has come in so many parts, if it is whole."""
    reader = ResponseParser()
    for part in parts:
        if (response := reader.feed(part)) is not None:
            return response
    return None


def cut(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """Some bytes in parts, none of which is empty; that would mean the end."""
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    return [data[start:end] for start, end in pairwise(edges)]
