"""All cases, by area."""

from collections.abc import Mapping, Sequence

from tests.chaos import endpoint, lifecycle, upstream
from tests.chaos.case import Case

AREAS: Mapping[str, Sequence[Case]] = {
    "upstream": upstream.CASES,
    "endpoint": endpoint.CASES,
    "lifecycle": lifecycle.CASES,
}
