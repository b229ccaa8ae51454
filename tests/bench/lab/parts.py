"""What the lab is made of, as far as this machine has it."""

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench import peers
from tests.bench.lab.cell import QUOTAS
from tests.bench.lab.quota import CpuQuota, QuotaRefused
from tests.bench.lab.variant import Variant, node_variants, python_variants
from tests.bench.lab.way import Source
from tests.bench.peer import Peer
from tests.languages.language import Unavailable


def variants(left_out: list[str]) -> Iterator[Variant]:
    """Everyone who can start here.

    Args:
        left_out: Takes a sentence for everyone who can't.

    Raises:
        Unavailable: Warmkey's layer has not been built.
    """
    warmkey = peers.unpack_ours(peers.BUILD / "lab")
    extensions: dict[Source, Peer] = {"Warmkey": warmkey, "wrapper": warmkey}
    try:
        extensions["Go"] = peers.build_go(peers.BUILD)
    except Unavailable as reason:
        left_out.append(f"The plain Go extension: {reason}")
    yield from python_variants(extensions)
    try:
        yield from node_variants(extensions)
    except Unavailable as reason:
        left_out.append(f"Node functions: {reason}")


def quotas(stack: ExitStack, left_out: list[str]) -> dict[int, CpuQuota]:
    """The CPU quotas by a function's memory, in MB; none where the machine grants none.

    Args:
        stack: Ends them.
        left_out: Takes a sentence for that.
    """
    try:
        return {memory: stack.enter_context(CpuQuota(share)) for memory, share in QUOTAS.items()}
    except QuotaRefused as reason:
        left_out.append(f"CPU quotas, so no function of less memory is imitated: {reason}")
        return {}
