"""Changes to JSON as JSON: bytes changed at random are seldom JSON any more."""

import json
import random
from collections.abc import Iterator
from typing import Any

_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    1,
    -1,
    1e300,
    float("nan"),
    "",
    "a",
    "\ud800",
    [],
    {},
    [[]],
    {"a": {}},
)

Place = tuple[Any, Any]
"""A list or object, and an index or key in it."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """An input whose last line is JSON, with one thing in it changed.

    Args:
        data: The input.
        chance: What decides.

    Returns:
        The changed input, or the same one where the last line is no JSON with something in it.
    """
    before, line_break, text = data.rpartition(b"\n")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return data
    places = list(_places(value))
    if not places:
        return data
    _change(chance.choice(places), places, chance)
    return before + line_break + json.dumps(value).encode()


def _places(value: Any) -> Iterator[Place]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _change(place: Place, places: list[Place], chance: random.Random) -> None:
    """Put another value there, one from elsewhere, none, or the same under another's name."""
    holder, key = place
    match chance.randrange(4):
        case 0:
            holder[key] = chance.choice(_VALUES)
        case 1:
            elsewhere, other = chance.choice(places)
            holder[key] = json.loads(json.dumps(elsewhere[other]))
        case 2:
            del holder[key]
        case _ if isinstance(holder, dict):
            holder[str(chance.choice(places)[1])] = holder.pop(key)
        case _:
            holder.append(json.loads(json.dumps(holder[key])))
