"""The daemon as a process of its own, started the way Lambda starts an extension.

with FakeRuntimeApi() as api, Daemon(layer, api, aws.environment()) as daemon:
    daemon.wait_until_ready()
    daemon.get("/v1/secrets/KEY").text
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.process import EndpointProcess
from tests.patience import PATIENCE

__all__ = ["PATIENCE", "TOKEN_HEADER", "Daemon"]
_LEVEL_OF_AWS = "PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL"


class Daemon(EndpointProcess):
    """The extension; see `EndpointProcess` for what else there is.

    Args:
        layer: The layer's tree, as `tests.rapid.layer.stage` makes it.
        api: The Runtime API it registers at.
        environment: Its variables; `WARMKEY_PORT` is added where no port is among them.
        command: What starts it, before the path of its executable.
        descriptors: What it inherits beside its standard streams, under the same numbers.
    """

    def __init__(
        self,
        layer: Path,
        api: FakeRuntimeApi,
        environment: Mapping[str, str],
        *,
        command: Sequence[str] = (),
        descriptors: Sequence[int] = (),
    ) -> None:
        self._api = api
        level = environment.get("WARMKEY_LOG_LEVEL", environment.get(_LEVEL_OF_AWS, "info"))
        self._says_ready = level.lower() in ("debug", "info") and not command
        super().__init__(
            [*command, str(layer / "extensions" / "warmkey")],
            {"AWS_LAMBDA_RUNTIME_API": api.address, **environment},
            descriptors=descriptors,
        )

    def wait_until_ready(self) -> Self:
        """Wait until it asks for its first event, and has logged so where its log tells."""
        self._api.wait_for(Call.EVENT_NEXT)
        if self._says_ready:
            self.wait_for_line('"message":"ready"')
        return self
