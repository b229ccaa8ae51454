"""INIT on AWS's own Rapid core, with an extension or without."""

from contextlib import ExitStack

from tests.bench import cores
from tests.bench.functions import Runtime
from tests.bench.peer import Peer
from tests.bench.world import World
from tests.patience import PATIENCE
from tests.rapid.function import Function
from tests.rapid.sandbox import FunctionError


def init(runtime: Runtime, peer: Peer | None, world: World, *, core_count: int = 2) -> float:
    """Measure one INIT, in milliseconds, as the core's INIT REPORT has it.

    Args:
        runtime: The function.
        peer: Its one extension, or None.
        world: What is around it; only SSM is used of it.
        core_count: How many cores everything of the function shares, see `cores.left`; SSM has
            the others.

    Raises:
        FunctionError: As `initialised`.
        TimeoutError: Likewise.
    """
    world.begin()
    function = Function(
        package=runtime.package,
        layer=peer.layer if peer else None,
        environment=world.environment(peer) if peer else {},
        bootstrap=runtime.bootstrap,
    )
    with cores.left(core_count) as here, ExitStack() as stack:
        with here():
            stack.enter_context(function)
        took, _ = initialised(function)
        return took


def initialised(function: Function, timeout: float = PATIENCE) -> tuple[float, object]:
    """Invoke a function for the first time.

    Args:
        function: It has not been invoked yet.
        timeout: The longest wait, in seconds.

    Returns:
        How long INIT took, in milliseconds, as the core's INIT REPORT has it; and the answer.

    Raises:
        FunctionError: It did not answer, or was initialised more than once.
        TimeoutError: The core did not report INIT.
    """
    answer = function.invoke(timeout=timeout)
    if answer.status == 200:
        function.wait_for_log(r"INIT REPORT\(durationMs")
    reports = function.init_reports()
    if answer.status != 200 or len(reports) != 1:
        raise FunctionError(f"{answer}, INIT {reports}\n{function.log}")
    return reports[0], answer.payload
