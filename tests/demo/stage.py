"""The stages of the main job."""

from dataclasses import dataclass

from tests.demo.world import PARAMETER


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage and the key that belongs to it.

    Attributes:
        name: What the function is told by `STAGE`.
        key: The name of its key, `live` or `test`.
        falls_back: Whether the stage table has no row for it.
    """

    name: str
    key: str
    falls_back: bool = False

    @property
    def parameter(self) -> str:
        """The name of the parameter that holds its key."""
        return PARAMETER.format(self.key)


STAGES = (Stage("prod", "live"), Stage("dev", "test"), Stage("featureX", "test", falls_back=True))
