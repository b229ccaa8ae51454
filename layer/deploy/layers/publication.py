"""Publication: zips that become layer versions, where they are not ones already."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from ..output.change import Change
from ..output.plan import Plan
from . import layer
from .layer import LayerVersion
from .store import Audience, LayerStore
from .zips import Zip


@dataclass(frozen=True, slots=True)
class Upload:
    """A zip, and where it is to be.

    Attributes:
        zip: The layer's content.
        account: The account's twelve digits.
        store: The layers of one of its regions.
    """

    zip: Zip
    account: str
    store: LayerStore

    @property
    def name(self) -> str:
        """What an operator calls it."""
        name = layer.NAMES[self.zip.architecture]
        return f"{name} in {self.store.region} of {self.account}"


@dataclass(frozen=True, slots=True)
class Published:
    """Where a layer is now, as `--json` tells it.

    Attributes:
        region: The region.
        architecture: Its architecture.
        arn: The ARN of its version.
        version: The version of Warmkey in it.
    """

    region: str
    architecture: str
    arn: str
    version: str


class Publication:
    """Publishes zips.

    Args:
        uploads: Each zip, and where it is to be.
        audiences: Who else may use the layers.
    """

    def __init__(self, uploads: Sequence[Upload], audiences: Sequence[Audience]) -> None:
        self._uploads = {upload.name: upload for upload in uploads}
        self._audiences = audiences
        self._versions: dict[str, LayerVersion] = {}

    def published(self) -> list[Published]:
        """What is there by now."""
        return [
            Published(upload.store.region, upload.zip.architecture, version.arn, upload.zip.version)
            for name, upload in self._uploads.items()
            if (version := self._versions.get(name))
        ]

    def plan(self, name: str) -> Plan:
        """Find out what is there, and what is missing."""
        upload = self._uploads[name]
        version = upload.store.find(upload.zip)
        wanted = {"content": f"{layer.describe(upload.zip.version)}, sha256 {upload.zip.sha256}"}
        present: dict[str, str] = {}
        if version:
            self._versions[name] = version
            present = dict(wanted)
        for audience in self._audiences:
            wanted[f"usable by {audience}"] = "yes"
            if version and upload.store.is_open_to(version, audience):
                present[f"usable by {audience}"] = "yes"
        change = Change(f"layer {name}", present, wanted)
        return Plan((change,), partial(self._carry_out, name, version))

    def _carry_out(self, name: str, version: LayerVersion | None) -> None:
        upload = self._uploads[name]
        version = version or upload.store.publish(upload.zip)
        self._versions[name] = version
        for audience in self._audiences:
            if not upload.store.is_open_to(version, audience):
                upload.store.open_to(version, audience)
