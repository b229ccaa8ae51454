"""The software bill of materials, in CycloneDX 1.6; without a time, so that it reproduces.

Specification: https://cyclonedx.org/docs/1.6/json/
"""

import json
import uuid
from collections.abc import Iterable
from urllib.parse import quote

from layer.build.components import Component
from layer.build.lock import Input
from layer.build.targets import Target

DISTRIBUTION = "debian-13"


def bill(target: Target, version: str, parts: Iterable[tuple[Component, Input]]) -> str:
    """Write the bill.

    Args:
        target: The architecture.
        version: Warmkey's version.
        parts: Each component with the locked package that it comes from.
    """
    components = [_component(component, package) for component, package in parts]
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
        "metadata": {"component": layer},
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


def _component(component: Component, package: Input) -> dict[str, object]:
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
        "properties": [{"name": "warmkey:package", "value": package.path}],
    }


def _package_url(component: Component, package: Input) -> str:
    """https://github.com/package-url/purl-spec, type `deb`; `upstream` is the source package."""
    version = quote(package.version, safe="")
    qualifiers = f"arch={package.architecture}&distro={DISTRIBUTION}&upstream={component.upstream}"
    return f"pkg:deb/debian/{package.package}@{version}?{qualifiers}"
