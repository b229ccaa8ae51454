"""Changes: what a command is about to do, shown before it is done."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

_NAMED = 10  # names of a group that are told; the others are counted
_INDENT = 6 * " "  # of what goes on below
_EACH_ITS_OWN = "(each its own)"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after; never holds a secret's value.

    Attributes:
        subject: What changes, its kind first, e.g. `function billing`.
        before: Each property with its value, as text; empty where it does not exist yet.
        after: The same afterwards; empty where it is gone then.
        incidental: Properties in which changes may differ that are alike.
    """

    subject: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    incidental: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return dict(self.before) != dict(self.after)

    @property
    def kind(self) -> str:
        """What kind of thing changes, e.g. `function`."""
        return self.subject.partition(" ")[0]

    def as_json(self) -> dict[str, Any]:
        """What `--json` and a saved plan tell of it."""
        return {
            "subject": self.subject,
            "before": dict(self.before),
            "after": dict(self.after),
        }

    def lines(self, *, alike: bool = False) -> list[tuple[str, str]]:
        """A line for each property that is removed, added or, as both, changed, with its sign.

        Args:
            alike: Whether they are to be the same for changes that are alike.
        """
        found = []
        for name in dict.fromkeys((*self.before, *self.after)):
            old, new = self.before.get(name), self.after.get(name)
            if old == new:
                continue
            own = alike and name in self.incidental
            if old is not None:
                found.append(("-", f"{name}: {_EACH_ITS_OWN if own else old}"))
            if new is not None:
                found.append(("+", f"{name}: {_EACH_ITS_OWN if own else new}"))
        return found


def render(changes: Iterable[Change], width: int, *, verbose: bool) -> Text:
    """Changes, those that are alike once for all, with a summary first where that is shorter.

    Args:
        changes: Those that change something.
        width: How many columns there are. What is longer goes on below, and is broken at spaces
            alone: an ARN can still be copied.
        verbose: Whether each is to be shown by itself.
    """
    groups: dict[tuple[str, ...], list[Change]] = {}
    for each in changes:
        alike = (each.kind, *(f"{sign}{text}" for sign, text in each.lines(alike=True)))
        groups.setdefault((each.subject, *alike) if verbose else alike, []).append(each)
    lines = Text()
    if any(len(group) > 1 for group in groups.values()):
        lines.append(f"{_summary([*groups.values()])}\n", style="bold")
    for group in groups.values():
        lines.append(f"{_folded(_title(group), width)}\n", style="bold")
        differ = len({tuple(each.lines()) for each in group}) > 1
        for sign, text in group[0].lines(alike=differ):
            style = "red not bold" if sign == "-" else "green not bold"
            lines.append(f"{_folded(f'  {sign} {text}', width)}\n", style=style)
    return lines


def _folded(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    return textwrap.fill(
        line,
        width,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def _title(group: Sequence[Change]) -> str:
    """Whose change it is."""
    if len(group) == 1:
        return group[0].subject
    kind = group[0].kind
    names = [each.subject.removeprefix(f"{kind} ") for each in group]
    parts = {name.partition(", ")[2] for name in names}
    part = next(iter(parts)) if len(parts) == 1 else ""  # of each that changes, if of all the same
    shown = [name.removesuffix(f", {part}") if part else name for name in names[:_NAMED]]
    more = len(names) - _NAMED
    rest = f" and {more} more (--verbose names them)" if more > 0 else ""
    return f"{len(names)} {kind}s{part and f', {part}'}: {', '.join(shown)}{rest}"


def _summary(groups: Sequence[Sequence[Change]]) -> str:
    """How many things of each kind change, and in how many ways."""
    things, ways = Counter[str](), Counter[str]()
    for group in groups:
        things[group[0].kind] += len(group)
        ways[group[0].kind] += 1
    told = (
        f"{count} {kind}{'s' if count > 1 else ''}"
        + (f" in {ways[kind]} ways" if 1 < ways[kind] < count else "")
        + (" alike" if count > 1 and ways[kind] == 1 else "")
        for kind, count in things.items()
    )
    return f"to change: {', '.join(told)}"
