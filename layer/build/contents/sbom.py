"""The software bill of materials, in CycloneDX 1.6; without a time, so that it reproduces.

Specification: https://cyclonedx.org/docs/1.6/json/
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from layer.build.contents.components import Component
from layer.build.inputs.lock import Input
from layer.build.targets import Target

DISTRIBUTION = "debian-13"
INPUTS, LOCKED, UNLOCKED = "warmkey:inputs", "locked", "unlocked"
"""The property that says whether the layer is of what Warmkey's repository locks."""


def bill(
    target: Target,
    version: str,
    parts: Iterable[Component],
    inputs: Iterable[Input],
    *,
    unlocked: bool = False,
) -> str:
    """Write the bill.

    Args:
        target: The architecture.
        version: Warmkey's version.
        parts: The components that have a part in the layer.
        inputs: The locked files for that architecture, and the sources.
        unlocked: Whether they stand in for what is locked.
    """
    locked = list(inputs)
    components = [_component(part, locked) for part in parts]
    layer = {
        "type": "application",
        "bom-ref": "warmkey",
        "name": f"warmkey-layer-{target.name}",
        "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": layer,
            "properties": [{"name": INPUTS, "value": UNLOCKED if unlocked else LOCKED}],
        },
        "components": components,
        "dependencies": [
            {"ref": "warmkey", "dependsOn": [component["bom-ref"] for component in components]},
            *({"ref": component["bom-ref"]} for component in components),
        ],
    }
    document["serialNumber"] = uuid.uuid5(
        uuid.NAMESPACE_OID, json.dumps(document, sort_keys=True)
    ).urn
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _component(component: Component, locked: list[Input]) -> dict[str, Any]:
    package = next(i for i in locked if i.package == component.package)
    used = [i for i in locked if i.package in (component.package, *component.also)]
    url = _package_url(component, package)
    return {
        "type": "data" if component.is_data else "library",
        "bom-ref": url,
        "name": component.upstream,
        "description": component.name,
        "version": package.version,
        "scope": "required",
        "hashes": [{"alg": "SHA-256", "content": package.sha256}],
        "licenses": [{"expression": component.licence}],
        "purl": url,
        "properties": [
            {"name": "warmkey:input", "value": f"{i.path} SHA-256 {i.sha256}"} for i in used
        ],
    }


def _package_url(component: Component, package: Input) -> str:
    """https://github.com/package-url/purl-spec, type `deb`; `upstream` is the source package."""
    version = quote(package.version, safe="")
    qualifiers = f"arch={package.architecture}&distro={DISTRIBUTION}&upstream={component.upstream}"
    return f"pkg:deb/debian/{package.package}@{version}?{qualifiers}"
