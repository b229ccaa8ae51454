"""What is stored under a name already, so that the same is not stored again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...output.failure import Failure
from ..stored import Stored


@dataclass(frozen=True, slots=True)
class Present:
    """What is stored now.

    Attributes:
        stored: How it is described.
        value: Its value; None where the operator may not read it, or it is no text.
        unknown: Why the value could not be read; empty where it could.
        described: Whether key, tier and description are known.
        tags: Its tags; empty where they were not asked for.
    """

    stored: Stored
    value: str | None = field(repr=False)
    unknown: str = ""
    described: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)

    def not_replaced(self, found: str) -> Failure:
        """Why another value is not stored in its place.

        Args:
            found: What is there, such as `/key is there`.
        """
        return Failure(
            f"{found} already, as version {self.stored.version}, and would change",
            "pass --overwrite, with --dry-run to see how",
        )
