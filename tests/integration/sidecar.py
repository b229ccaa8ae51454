"""`warmkey serve` as a process of its own, beside no Lambda.

with Sidecar(from_sources(), {**aws.environment(), "WARMKEY_TOKEN": "mine"}) as sidecar:
    sidecar.wait_until_ready()
    sidecar.get("/v1/secrets/KEY").text
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.integration.process import EndpointProcess

_ROOT = Path(__file__).parents[2]


def from_sources(*arguments: str) -> list[str]:
    """The command that runs the source tree as `warmkey` with these arguments."""
    return ["/usr/bin/env", "-C", str(_ROOT), sys.executable, "-B", "-m", "extension", *arguments]


class Sidecar(EndpointProcess):
    """The sidecar; see `EndpointProcess` for what else there is.

    Args:
        environment: Its variables; `WARMKEY_PORT` is added where no port is among them.
        command: What starts it.
        descriptors: What it inherits beside its standard streams, under the same numbers.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        command: Sequence[str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        super().__init__(command or from_sources("serve"), environment, descriptors=descriptors)
        self.token = environment.get("WARMKEY_TOKEN") or self.token

    def wait_until_ready(self) -> Self:
        """Wait until it says so in its log."""
        self.wait_for_line('"message":"ready"')
        return self
