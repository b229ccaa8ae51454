"""The record of what `attach` changed, from which `detach` restores what was there.

It is a variable of the function. So it is written in the same call as what it describes, somebody
who sets all variables anew (a deployment from a template) takes both away, and no permission is
needed that `attach` has not got. A value that may be a secret is never kept in it, only its name.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from .environment import RECORD, WARMKEY_EXEC, WRAPPER, Variables, is_public
from .failure import Failure


@dataclass(frozen=True, slots=True)
class Record:
    """What `attach` changed.

    Attributes:
        added: The variables that were not there.
        previous: Those that were, with the value they had.
        lost: Those whose value may have been a secret, and was not kept.
        layer: The ARN of AWS's own extension that was replaced; empty where none was.
        role: The role that got an inline policy; empty where none did.
    """

    added: tuple[str, ...] = ()
    previous: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    layer: str = ""
    role: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to restore."""
        return any((self.added, self.previous, self.lost, self.layer, self.role))

    def of_variables(self, before: Variables, after: Variables) -> "Record":
        """This record, and what is different between these.

        What it knows already stays, unless somebody has changed that since: what they made of it
        is then what there was.
        """
        ours = self._ours(before)
        new = [n for n in after if n not in ours and before.get(n) != after[n]]
        was = {name: before[name] for name in new if name in before}
        kept = {name: value for name, value in was.items() if is_public(name, value)}
        known = self._without(new)
        return replace(
            known,
            added=(*known.added, *(name for name in new if name not in was)),
            previous={**known.previous, **kept},
            lost=(*known.lost, *(name for name in was if name not in kept)),
        )

    def restore(self, variables: Variables) -> dict[str, str]:
        """The variables as they were; one that somebody changed since is left as it is."""
        ours = self._ours(variables)
        rest = {name: value for name, value in variables.items() if name not in ours}
        return {**rest, **{n: v for n, v in self.previous.items() if n in ours}}

    def text(self) -> str:
        """What stands in the variable."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({k: v for k, v in fields.items() if v}, separators=(",", ":"))

    def _ours(self, variables: Variables) -> set[str]:
        """The variables that still are what `attach` made of them."""
        changed = (*self.added, *self.previous, *self.lost)
        return {name for name in changed if _is_ours(name, variables)}

    def _without(self, names: Collection[str]) -> "Record":
        """This record, which knows nothing of some variables."""
        return replace(
            self,
            added=tuple(name for name in self.added if name not in names),
            previous={k: v for k, v in self.previous.items() if k not in names},
            lost=tuple(name for name in self.lost if name not in names),
        )


def of(variables: Variables) -> Record:
    """The record of a function; an empty one where there is none.

    Raises:
        Failure: Somebody has changed it, so that nothing can be restored by it.
    """
    if not variables.get(RECORD):
        return Record()
    try:
        found = json.loads(variables[RECORD])
        return Record(
            added=tuple(found.get("added", ())),
            previous=dict(found.get("previous", {})),
            lost=tuple(found.get("lost", ())),
            layer=str(found.get("layer", "")),
            role=str(found.get("role", "")),
        )
    except (ValueError, TypeError, AttributeError):
        raise Failure(
            f"its variable {RECORD} is not what attach wrote",
            "remove it and what Warmkey should no longer do, by hand",
        ) from None


def _is_ours(name: str, variables: Variables) -> bool:
    """Whether a variable still is what `attach` made of it."""
    if name == WRAPPER:
        return variables.get(name) == WARMKEY_EXEC
    return name in variables and is_public(name, variables[name])
