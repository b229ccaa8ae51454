"""A host with several addresses, of which some say nothing."""

import os
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.upstream_names import NAME, root_of
from tests.chaos.upstream_world import Upstream
from tests.fakes.relay import Relay
from tests.fakes.silent_address import silent

_FIRST, _SECOND = "127.0.0.2", "127.0.0.3"


def _outlasts_silence(layer: Path) -> str:
    """Begin with the first of two addresses silent, and rotate the secrets with the other so."""
    if os.geteuid():
        return "not tried: a root of its own takes root"
    with Upstream() as world:
        port = world.aws.port
        command = root_of(layer, world.folder)
        (world.folder / "etc/hosts").write_text(f"{_FIRST} {NAME}\n{_SECOND} {NAME}\n")
        (world.folder / "etc/host.conf").write_text("multi on\n")
        variables = {
            "AWS_ENDPOINT_URL": f"http://{NAME}:{port}",
            "WARMKEY_CONFIG": "/warmkey.json",
        }
        with silent(_FIRST, port), Relay(port, port, _SECOND):
            world.start(Path("/opt"), variables, command=command)
            first = world.comes_to_serve(1)
        with Relay(port, port, _FIRST), silent(_SECOND, port):
            after = world.comes_to_serve(world.rotate())
    return f"{first}; then {after}"


CASES = [Case("some of a host's addresses say nothing", _outlasts_silence, tries=5)]
