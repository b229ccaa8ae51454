"""Changes: what a command is about to do, shown before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after; never holds a secret's value.

    Attributes:
        subject: What changes, e.g. `function billing`.
        before: Each property with its value, as text; empty where it does not exist yet.
        after: The same afterwards; empty where it is gone then.
    """

    subject: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return dict(self.before) != dict(self.after)

    def render(self) -> Text:
        """A line for each property that is removed, added or, as both, changed."""
        lines = Text(f"{self.subject}\n", style="bold")
        for name in dict.fromkeys((*self.before, *self.after)):
            old, new = self.before.get(name), self.after.get(name)
            if old == new:
                continue
            if old is not None:
                lines.append(f"  - {name}: {old}\n", style="red not bold")
            if new is not None:
                lines.append(f"  + {name}: {new}\n", style="green not bold")
        return lines
