"""The roles of the alternatives that are compared; a role decides colour and shape, everywhere."""

from typing import Literal

Role = Literal["ours", "other", "anchor", "floor"]
"""Ours; others that do the job; an anchor that does exactly ours by plain means; and a floor that
does nothing, under which nobody can be."""

MEANINGS: dict[Role, str] = {
    "ours": "Warmkey",
    "other": "other ways to the same thing",
    "anchor": "the plain way to do exactly what Warmkey does",
    "floor": "does nothing; nobody can be below it",
}
"""What a legend says of each role."""
