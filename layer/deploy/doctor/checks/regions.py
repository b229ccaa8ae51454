"""Whether what is declared by ARN can be read from the function's region."""

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
        if (there.partition, there.region) != (place.partition, place.region):
            yield Finding(
                "error",
                "region",
                f"{spell(reference)} is in {there.region}, the function in {place.region}",
                "each read fails: the endpoint of a region answers for no other",
                f"store it in {place.region}, too (Secrets Manager replicates), and refer to that",
            )
