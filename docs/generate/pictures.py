"""The pictures that benchmarks have drawn for these pages, where they have."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "pictures"
_SHOWN = {
    "waterfall.svg": "One cold start, moment by moment, in each way",
    "comparison.svg": "How long a function waits for its secrets, in each way",
    "start.svg": "How long an extension takes until a secret is in hand",
    "reads.svg": "How many warm reads a second a server answers",
}


def as_markdown() -> str:
    """The pictures, for a page in a folder of `docs/`; empty where there are none."""
    there = (name for name in _SHOWN if (FOLDER / name).exists())
    return "\n\n".join(f"![{_SHOWN[name]}](../pictures/{name})" for name in there)
