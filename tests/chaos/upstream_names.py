"""Name servers that fail, or say nothing."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.upstream_world import Upstream
from tests.fakes.dns import FakeDns, Mood
from tests.rapid.namespaces import ENVIRONMENT

NAME = "aws.example.test"


def _outlasts(mood: Mood, kind: str) -> Callable[[Path], str]:
    """Begin beside such a server, get over it, and have it again as the secrets are rotated."""

    def attempt(layer: Path) -> str:
        if os.geteuid():
            return "not tried: a name server listens on port 53, as root"
        with FakeDns(NAME, "127.0.0.1", mood) as dns, Upstream() as world:
            root = root_of(layer, world.folder)
            asks = f"nameserver {dns.address}\noptions timeout:1 attempts:5\n"
            (world.folder / "etc/resolv.conf").write_text(asks)
            url = f"http://{NAME}:{world.aws.port}"
            variables = {"AWS_ENDPOINT_URL": url, "WARMKEY_CONFIG": "/warmkey.json"}
            world.start(Path("/opt"), variables, command=root)
            first = world.fails(kind)
            dns.mood = Mood.HELPFUL
            world.comes_to_serve(1)  # the resolver asks again within a second
            world.rotate()
            dns.mood = mood
            world.aws.drop_connections()
            meanwhile = world.serves_stale(1)
            dns.mood = Mood.HELPFUL
            after = world.comes_to_serve(2)
        return f"{first}; {meanwhile}; then {after}"

    return attempt


def root_of(layer: Path, folder: Path) -> tuple[str, ...]:
    """Make a folder a root with the layer in it, and an empty `etc`.

    Returns:
        What runs a command in it.
    """
    shutil.copytree(layer, folder / "opt", copy_function=os.link)
    (folder / "etc").mkdir()
    return shutil.which("chroot", path=ENVIRONMENT["PATH"]) or "chroot", str(folder)


CASES = [
    Case("the name server says nothing", _outlasts(Mood.SILENT, "timeout"), tries=5),
    Case("the name server fails", _outlasts(Mood.FAILING, "unreachable")),
]
