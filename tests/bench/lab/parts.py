"""What the lab is made of, as far as this machine has it."""

import compileall
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from layer.build.stages import one_at_a_time
from tests.bench import peers
from tests.bench.lab.cell import QUOTAS, dimensions
from tests.bench.lab.cell import quick as quick_dimensions
from tests.bench.lab.quota import CpuQuota, QuotaRefused
from tests.bench.lab.results import Results
from tests.bench.lab.run import Run
from tests.bench.lab.variant import Variant, node_variants, python_variants
from tests.bench.lab.way import Source
from tests.bench.peer import Peer
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces

NO_BYTECODE = (
    "A Python function that finds bytecode of Warmkey's client in the layer: functions here run on "
    "Python {python}, for which the layer has none, so each start compiles the client. What that "
    "takes can be seen where a first read is measured."
)


def lab(stack: ExitStack, quick: bool, left_out: list[str]) -> Run:
    """A run with everything that it takes.

    Args:
        stack: Ends it all.
        quick: Whether only the least is varied.
        left_out: Takes a sentence for everything that can't be measured here.

    Raises:
        NamespacesRefused: The Rapid core does not run here.
    """
    namespaces.isolation()
    stack.enter_context(one_at_a_time(peers.BUILD))  # another run would unpack its layers anew
    everyone = tuple(_variants(left_out))
    quotas = {} if quick else _quotas(stack, left_out)
    varied = quick_dimensions() if quick else dimensions(quotas=bool(quotas))
    place = stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-bench-"))
    world = stack.enter_context(World(Path(place)))
    return Run(everyone, varied, quotas, world, Results())


def _variants(left_out: list[str]) -> Iterator[Variant]:
    """Everyone who can start here."""
    warmkey = peers.unpack_ours(peers.BUILD / "lab")
    extensions: dict[Source, Peer] = {
        "Warmkey": warmkey,
        "compiled": _compiled(warmkey),
        "wrapper": warmkey,
    }
    if not [*warmkey.layer.rglob(f"*.{sys.implementation.cache_tag}.pyc")]:
        left_out.append(NO_BYTECODE.format(python=platform.python_version()))
    try:
        extensions["Go"] = peers.build_go(peers.BUILD)
    except Unavailable as reason:
        left_out.append(f"The plain Go extension: {reason}")
    yield from python_variants(extensions)
    try:
        yield from node_variants(extensions)
    except Unavailable as reason:
        left_out.append(f"Node functions: {reason}")


def _compiled(warmkey: Peer) -> Peer:
    """The layer as it is for the Python whose bytecode it has: here, for the one that runs."""
    layer = warmkey.layer.with_name(f"{warmkey.layer.name}-compiled")
    shutil.rmtree(layer, ignore_errors=True)
    shutil.copytree(warmkey.layer, layer)
    client = layer / "python"
    compileall.compile_dir(client, quiet=1, stripdir=str(client), prependdir="/opt/python")
    return replace(warmkey, layer=layer)


def _quotas(stack: ExitStack, left_out: list[str]) -> dict[int, CpuQuota]:
    """The CPU quotas by a function's memory, in MB; none where the machine grants none."""
    try:
        return {memory: stack.enter_context(CpuQuota(share)) for memory, share in QUOTAS.items()}
    except QuotaRefused as reason:
        left_out.append(f"CPU quotas, so no function of less memory is imitated: {reason}")
        return {}
