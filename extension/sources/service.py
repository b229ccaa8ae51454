"""What a service that has sources is for whatever else there is; `services` lists them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ..http.failure import Failed
from ..http.messages import Response
from .calls import Call
from .responses.outcome import Outcome
from .source import Source

Job = tuple[Source, ...]
"""Sources of one service that are read together: one, or a batch."""


class Service(ABC):
    """A service that has sources, of one kind or several.

    Attributes:
        name: its name in host names, signatures and references.
        variables: what its variables of AWS's Parameters and Secrets extension begin with.
        endpoint_url: the SDKs' variable for its own endpoint.
        forms: the forms of its references, for people.
        kinds: the classes of its sources.
        options: what a reference may have after `?`, besides the options of all references.
        batch_action: the action that reads a batch where that is a permission of its own.
        encryption_context: the key of the encryption context of its values.
        is_fips_in_govcloud: whether its ordinary hosts there are those validated by FIPS 140.
        has_ipv6: whether its ordinary hosts have IPv6 addresses, where the partition has any.
    """

    name: ClassVar[str]
    variables: ClassVar[str]
    endpoint_url: ClassVar[str]
    forms: ClassVar[str]
    kinds: ClassVar[tuple[type[Source], ...]]
    options: ClassVar[tuple[str, ...]] = ()
    batch_action: ClassVar[str] = ""
    encryption_context: ClassVar[str] = ""
    is_fips_in_govcloud: ClassVar[bool] = True
    has_ipv6: ClassVar[bool] = False

    @abstractmethod
    def parse(self, text: str, options: Mapping[str, str]) -> Source | None:
        """The source of a reference; None where the text has none of the service's forms.

        Args:
            text: what the reference has before its `?`.
            options: what follows it; what is not the service's own is refused afterwards.

        Raises:
            MalformedSource: it has one, and is wrong.
        """

    def plan(self, sources: Sequence[Source], _connections: int) -> list[Job]:
        """Divide its sources into jobs: unless it knows better, one for each.

        Args:
            sources: what to read, each once.
            _connections: how many connections to it there may be.
        """
        return [(source,) for source in sources]

    def batch_call(self, job: Job) -> Call:
        """The call that reads a job of several sources."""
        raise NotImplementedError(f"{self.name} reads no batches")

    def read_batch(self, response: Response, job: Job) -> Mapping[Source, Outcome] | Failed:
        """Read the response to `batch_call`.

        Returns:
            The outcomes that it holds, others are asked for one by one; or why the call failed.
        """
        raise NotImplementedError(f"{self.name} reads no batches")


def batches(sources: Sequence[Source], size: int) -> list[Job]:
    """Jobs of so many sources at most."""
    return [tuple(sources[i : i + size]) for i in range(0, len(sources), size)]
