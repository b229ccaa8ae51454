"""All cases, by area."""

from collections.abc import Mapping, Sequence

from tests.chaos.case import Case

AREAS: Mapping[str, Sequence[Case]] = {}
