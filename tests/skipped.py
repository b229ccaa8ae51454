"""The last line of a run of tests: what was skipped, and what would change that."""

from collections import Counter
from collections.abc import Iterable

TOOLS = "`make tools`"
"""In the reason of a test that is skipped for want of a tool: the command that installs it."""
_LONGEST = 100  # characters of a reason; the whole of it stands among pytest's own lines


def summary(reasons: Iterable[str]) -> str:
    """What was skipped, grouped by reason, and the command that installs what is missing.

    Args:
        reasons: The reason of each test that was skipped.

    Returns:
        One line; empty where nothing was skipped.
    """
    counted = Counter(reasons)
    if not counted:
        return ""
    missing = [_group(reason, count) for reason, count in counted.items() if TOOLS in reason]
    others = [_group(reason, count) for reason, count in counted.items() if TOOLS not in reason]
    parts = [f"{'; '.join(missing)}. {TOOLS} installs all of it."] if missing else []
    if others:
        parts.append(f"For other reasons: {'; '.join(others)}." if missing else "; ".join(others))
    return f"Skipped: {' '.join(parts)}"


def _group(reason: str, count: int) -> str:
    first = reason.partition(f": {TOOLS}")[0].partition("\n")[0]
    short = first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"
    return f"{count} {'test' if count == 1 else 'tests'}, {short.rstrip('.')}"
