"""The names of variables that steer programs, as the daemon itself knows them."""

from docs.generate.table import table
from extension.declared.environment.steering import SOURCES


def as_markdown() -> str:
    """The table of them, with their sources."""
    rows = (
        (
            f"[{whose}]({each.source})" if each.source.startswith("https:") else whose,
            ", ".join(f"`{name}`" for name in each.names),
        )
        for whose, each in SOURCES.items()
    )
    return table(("of", "names"), rows)
