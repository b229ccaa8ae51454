"""Who is compared, and how each is built."""

import importlib.util
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from layer.build import targets
from layer.build.executables import roots
from layer.build.plan import REPOSITORY
from tests.bench.peer import Peer
from tests.languages.go import go_environment
from tests.languages.language import Unavailable
from tests.rapid.layer import EXTENSION, add_extension, build, unpack
from tests.rapid.runtime import python_program

_HERE = Path(__file__).parent
BUILD = REPOSITORY / "build/bench"
"""Where all that the benchmarks build is kept, on a disk."""

FLOOR = "C floor"
OURS = "Warmkey"
WITHOUT_HEAD_START = "no head start"
GO = "plain Go"
LEAN_GO = "lean Go"
BOTO3 = "boto3"

# What boto3 is made of, by the names of the modules.
_BOTO3_PACKAGES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


def build_floor(place: Path) -> Peer:
    """Compile the C program that does nothing but register and ask for events.

    Raises:
        Unavailable: There is no C compiler, or no static C library.
    """
    peer = Peer(FLOOR, place / "floor", "floor", serves=False)
    compiler = _tool("cc", "C compiler")
    source = str(_HERE / "floor.c")
    _make(peer, [compiler, "-O2", "-static", source, "-o", str(peer.executable)])
    return peer


def unpack_ours(place: Path) -> Peer:
    """Unpack the layer's zip."""
    return _ours(OURS, place / "warmkey")


def take_head_start_away(place: Path) -> Peer:
    """Make a layer in which the interpreter itself is what Lambda starts."""
    peer = _ours(WITHOUT_HEAD_START, place / "warmkey-no-head-start")
    (peer.layer / "warmkey/warmkey").replace(peer.executable)
    return peer


def build_go(place: Path) -> Peer:
    """Build the plain Go extension, on the AWS SDK.

    Raises:
        Unavailable: There is no Go, or the module proxy cannot be reached.
    """
    return _go(GO, place / "go", "plain")


def build_lean_go(place: Path) -> Peer:
    """Build the same extension without an SDK.

    Raises:
        Unavailable: As `build_go`.
    """
    return _go(LEAN_GO, place / "go-lean", "lean")


def stage_boto3(place: Path) -> Peer:
    """Put the extension on boto3 into a layer, for the Python that runs this.

    Raises:
        Unavailable: boto3 is not installed.
    """
    layer = place / "boto3"
    source = (_HERE / "extension_boto3/extension.py").read_text(encoding="utf-8")
    add_extension(layer, "on-boto3", python_program(source, ""))
    packages = tuple(map(_package, _BOTO3_PACKAGES))
    return Peer(BOTO3, layer, "on-boto3", roots=(system_roots(),), packages=packages)


BUILDERS: dict[str, Callable[[Path], Peer]] = {
    FLOOR: build_floor,
    OURS: unpack_ours,
    WITHOUT_HEAD_START: take_head_start_away,
    GO: build_go,
    LEAN_GO: build_lean_go,
    BOTO3: stage_boto3,
}
"""How each is built, by its label, in the order of the tables."""


def system_roots() -> Path:
    """The certificate authorities that programs on this machine trust by default.

    Where the system has none, those that botocore brings stand in.
    """
    system = ssl.get_default_verify_paths().cafile
    return Path(system) if system else _package("botocore") / "cacert.pem"


def _ours(label: str, layer: Path) -> Peer:
    shutil.rmtree(layer, ignore_errors=True)
    unpack(layer)
    root = build().materials.sysroot(targets.host()).root / roots.FOLDER / "Amazon_Root_CA_1.crt"
    return Peer(label, layer, Path(EXTENSION).name, roots=(root,))


def _go(label: str, layer: Path, package: str) -> Peer:
    """One of the commands of the Go module."""
    roots = (system_roots(),)
    peer = Peer(label, layer, f"{package}-go", roots=roots, trust="SSL_CERT_FILE")
    go = _tool("go", "Go")
    flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w"]
    command = [go, "build", *flags, "-o", str(peer.executable), f"./{package}"]
    _make(peer, command, _HERE / "extension_go")
    return peer


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Unavailable(f"{sys.executable} has no {name}: `make bench-start` runs one that has")
    origin = Path(spec.origin)
    return origin.parent if spec.submodule_search_locations else origin


def _tool(name: str, what: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"there is no {what} (`{name}`): `make tools` installs it")
    return path


def _make(peer: Peer, command: Sequence[str], directory: Path = REPOSITORY) -> None:
    peer.executable.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603
        command, cwd=directory, env=go_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(f"{peer.label} cannot be built: {done.stderr.strip()}")
