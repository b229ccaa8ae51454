"""`python -m tests.e2e.record_order` records the order in which a cold start reaches its code.

One start of the daemon under an emulator that writes down every function it comes to: register,
prefetch over TLS, a read, SHUTDOWN. The result is layer/interpreter/order.txt.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from layer.build import interpreter, order, targets
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import build

HEADER = (
    "# Written by `make layer-order`: one symbol of each section, as a cold start reaches them.\n"
)


def main() -> None:
    """Record one start."""
    emulator = f"qemu-{targets.host().triple.partition('-')[0]}-static"
    if shutil.which(emulator) is None:
        sys.exit(f"there is no {emulator}: `make tools` installs it")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        executable, link_map = folder / "extensions/warmkey", folder / "map"
        build().daemon(executable, link_map=link_map)
        trace = folder / "trace"
        run(folder, (emulator, "-cpu", "max", "-d", "in_asm", "-D", str(trace)))
        symbols = order.reached(trace.read_text("utf-8", "replace"))
        sections = order.sections_of(link_map.read_text("utf-8"))
    chosen = list(order.one_of_each_section(symbols, sections))
    interpreter.ORDER.write_text(HEADER + "\n".join(chosen) + "\n", "utf-8")
    sys.stdout.write(f"{len(chosen)} sections, of {len(symbols)} functions reached\n")


def run(folder: Path, command: tuple[str, ...]) -> None:
    """Start the daemon, let it serve once, and end it."""
    with FakeAws(Authority(folder / "authority").issue()) as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "value")
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        with Daemon(folder, api, given, command=command) as daemon:
            daemon.wait_until_ready()
            daemon.read("KEY")
            api.shutdown()
            daemon.wait_for_end()


if __name__ == "__main__":
    main()
