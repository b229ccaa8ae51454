"""What `make chaos` tries, from its cases."""

from docs.generate.table import table
from tests.chaos.areas import AREAS

_TITLES = {
    "upstream": "AWS and the way to it",
    "endpoint": "Clients of the endpoint",
    "lifecycle": "The process and its surroundings",
}


def as_markdown() -> str:
    """A table of the cases of each area."""
    return "\n\n".join(
        f"## {_TITLES[area]}\n\n"
        + table(
            ("what goes wrong", "tried", "in `make test`"),
            ((case.name, str(case.tries), "yes" if case.quick else "") for case in cases),
        )
        for area, cases in AREAS.items()
    )
