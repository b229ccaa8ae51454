"""The record of what `attach` changed, from which `detach` restores what was there.

It is a variable of the function. So it is written in the same call as what it describes, somebody
who sets all variables anew (a deployment from a template) takes both away, and no permission is
needed that `attach` has not got. A value that may be a secret is never kept in it, only its name.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ..output.failure import Failure
from .environment import NEXT_WRAPPER, RECORD, WRAPPER, Variables, is_public


@dataclass(frozen=True, slots=True)
class Record:
    """What `attach` changed.

    Attributes:
        made: The variables that it set, each with a digest of what it made of it.
        previous: Those that were there before, with the value they had.
        lost: Those whose value may have been a secret, and was not kept.
        layer: The ARN of AWS's own extension that was replaced; empty where none was.
        role: The role that got an inline policy; empty where none did.
    """

    made: Mapping[str, str] = field(default_factory=dict)
    previous: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    layer: str = ""
    role: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to restore."""
        return any((self.made, self.layer, self.role))

    def of_variables(self, before: Variables, after: Variables) -> "Record":
        """This record, and what is different between these.

        What it knows already stays, unless somebody has changed that since: what they made of it
        is then what there was.
        """
        ours = self._ours(before)
        new = [n for n in after if n not in ours and before.get(n) != after[n]]
        was = {name: before[name] for name in new if name in before}
        kept = {name: value for name, value in was.items() if is_public(name, value)}
        stays = {name: value for name, value in self.previous.items() if name in ours}
        gone = [name for name in self.lost if name in ours]
        return replace(
            self,
            made={name: _digest(after[name]) for name in after if name in ours or name in new},
            previous={**stays, **kept},
            lost=(*gone, *(name for name in was if name not in kept)),
        )

    def without(
        self, variables: Variables, names: Collection[str]
    ) -> tuple["Record", dict[str, str]]:
        """This record and the variables, with some of these as they were before `attach`.

        Raises:
            Failure: One of the names is no variable that still is what `attach` made of it.
        """
        if strange := [name for name in names if name not in self._ours(variables)]:
            raise Failure(
                f"attach has not set {', '.join(strange)}, or somebody has changed it since",
                "remove it where it is set, such as in a template",
            )
        restored = {name: self.previous[name] for name in names if name in self.previous}
        kept = {name: value for name, value in variables.items() if name not in names}
        record = replace(
            self,
            made={name: digest for name, digest in self.made.items() if name not in names},
            previous={name: value for name, value in self.previous.items() if name not in names},
            lost=tuple(name for name in self.lost if name not in names),
        )
        return record, {**kept, **restored}

    def restore(self, variables: Variables) -> dict[str, str]:
        """The variables as they were; one that somebody changed since is left as it is."""
        ours = self._ours(variables)
        if NEXT_WRAPPER in self.made and NEXT_WRAPPER not in ours and NEXT_WRAPPER in variables:
            ours.discard(WRAPPER)  # theirs takes that place once Warmkey's has left it
        rest = {name: value for name, value in variables.items() if name not in ours}
        return {**rest, **{n: v for n, v in self.previous.items() if n in ours}}

    def text(self) -> str:
        """What stands in the variable."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({k: v for k, v in fields.items() if v}, separators=(",", ":"))

    def _ours(self, variables: Variables) -> set[str]:
        """The variables that still are what `attach` made of them."""
        return {
            name
            for name, digest in self.made.items()
            if name in variables and _digest(variables[name]) == digest
        }


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
            made=dict(found.get("made", {})),
            previous=dict(found.get("previous", {})),
            lost=tuple(found.get("lost", ())),
            layer=str(found.get("layer", "")),
            role=str(found.get("role", "")),
        )
    except (ValueError, TypeError, AttributeError):
        raise Failure(
            f"its variable {RECORD} is not what attach wrote",
            "remove it by hand, and what else Warmkey has set",
        ) from None


def _digest(value: str) -> str:
    """Enough to tell a value from another; what `attach` sets are references, and no secrets."""
    return hashlib.sha256(value.encode()).hexdigest()[:8]
