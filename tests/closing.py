"""Things that are closed when the `with` block they were made for ends."""

from abc import ABC, abstractmethod
from typing import Self


class Closing(ABC):
    """Something that runs from when it is made until it is closed; `with` closes it."""

    @abstractmethod
    def close(self) -> None:
        """End it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
