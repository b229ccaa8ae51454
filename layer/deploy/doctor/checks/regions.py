"""Whether what is declared by ARN lies in the function's region, and what it costs if not."""

from collections.abc import Iterable, Iterator

from ....extension.declared.reference import Reference
from ....extension.sources.source import Place
from ...secrets import arn
from ...secrets.project import spell
from ..finding import Finding


def check(references: Iterable[Reference], place: Place) -> Iterator[Finding]:
    """Look at the ARNs.

    Args:
        references: What is declared.
        place: Where the function is.
    """
    for reference in references:
        there = arn.home(reference.source, place)
        where = f"{spell(reference)} is in {there.region}, the function in {place.region}"
        if there.partition != place.partition:
            yield Finding(
                "error",
                "region",
                where,
                f"each read fails: credentials of {place.partition} hold in no other partition",
                f"store it in {place.region}, too",
            )
        elif there.region != place.region:
            yield Finding(
                "warning",
                "region",
                where,
                "each cold start waits for the way there: a new connection takes three round "
                "trips, of some 90 ms each across an ocean, and a refresh one",
                f"store it in {place.region}, too (Secrets Manager replicates), and refer to that",
            )
