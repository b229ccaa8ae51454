"""Limits of the machine that are reached: descriptors, threads, memory."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KeyWorld
from tests.fakes.runtime_api import Call
from tests.integration.raw_client import RawClient

_SOMEBODY = "54321"  # a user with no other process, so that limits of a user are the daemon's own
_NEW_SERVICE = "/secretsmanager/get?secretId=other"
_DESCRIPTORS = 32
_ONE_TOO_FEW = 8  # streams, listener, Lambda's API, AWS, epoll, the first of a pipe's two
_ENOUGH = 500  # threads and processes
_MEMORY = 128 << 20  # bytes that may be written to; threads reserve addresses beside them
_SPARE = 1 << 20  # bytes
_PARAMETERS = 1000
_LARGEST = 8192  # bytes, of an advanced parameter
_ALL = "/v1/secrets"
_PATH = {"APP": "warmkey:/app/*", "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "60000"}
_NO_PREFETCH = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}


def _limit(here: KeyWorld, limit: str, command: Sequence[str] = ()) -> None:
    """Change a limit of the daemon while it runs, as the user that the command changes to."""
    change = [*command, "prlimit", f"--pid={here.daemon.process.pid}", limit]
    subprocess.run(change, check=True)  # noqa: S603


def _taken(here: KeyWorld) -> int:
    """How much memory the daemon has taken, in bytes."""
    status = Path(f"/proc/{here.daemon.process.pid}/status").read_text("ascii")
    found = re.search(r"^VmData:\s+(\d+) kB$", status, re.MULTILINE)
    assert found
    return 1024 * int(found[1])


def _descriptors_used_up(layer: Path) -> str:
    with KeyWorld() as here, ExitStack() as stack:
        here.aws.secrets.put("other", "canary")
        here.start(layer, command=["prlimit", f"--nofile={_DESCRIPTORS}", "--"]).ready().serves()
        for _ in range(_DESCRIPTORS):
            stack.enter_context(RawClient(here.daemon.port))
        assert here.daemon.get(_NEW_SERVICE).status_code == 200  # over a connection of its own
        return here.serves()


def _no_descriptor_at_all(layer: Path) -> str:
    with KeyWorld() as here:
        here.start(layer, command=["prlimit", f"--nofile={_ONE_TOO_FEW}", "--"])
        return here.reports(Call.INIT_ERROR, "Extension.Shortage", "descriptors", "ulimit -n")


@contextmanager
def _as_somebody(layer: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A copy of the layer that everybody may read, and what starts it as a user of its own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for part in ("extensions", "warmkey"):
            shutil.copytree(layer / part, Path(folder, part))
        change = ("setpriv", f"--reuid={_SOMEBODY}", f"--regid={_SOMEBODY}", "--clear-groups", "--")
        yield Path(folder), () if os.geteuid() else change


def _threads_used_up(layer: Path) -> str:
    """By the function, once the daemon is ready."""
    with _as_somebody(layer) as (copy, command), KeyWorld() as here:
        here.aws.secrets.put("other", "canary")
        here.start(copy, command=command).ready()
        _limit(here, "--nproc=1:", command)
        assert here.serves()  # by the thread that is there
        refused = here.daemon.get(_NEW_SERVICE)
        assert refused.status_code == 400, refused.text
        _limit(here, f"--nproc={_ENOUGH}:", command)
        assert here.daemon.get(_NEW_SERVICE).status_code == 200
        return f"the value; of what needs a new thread, {refused.text}"


def _no_thread_at_all(layer: Path) -> str:
    with _as_somebody(layer) as (copy, command), KeyWorld() as here:
        here.start(copy, command=[*command, "prlimit", "--nproc=1", "--"]).ready()
        refused = here.daemon.get("/v1/secrets/KEY")
        assert refused.status_code == 502, refused.text
        assert "1,024" in refused.text
        return f"init goes on; {refused.text}"


def _with_path(here: KeyWorld, parameters: int) -> None:
    for number in range(parameters):
        here.aws.parameters.put(f"/app/{number}", "x" * _LARGEST)


def _little_memory(layer: Path) -> str:
    with KeyWorld() as here:
        _with_path(here, _PARAMETERS)
        here.start(layer, _PATH, command=["prlimit", f"--data={_MEMORY}", "--"]).ready()
        assert len(here.daemon.get(_ALL).content) > _PARAMETERS * _LARGEST
        return here.serves()


def _too_little_memory(layer: Path) -> str:
    """By the path that is read after a restore: what there is room for is served on."""
    with KeyWorld() as here:
        _with_path(here, _PARAMETERS // 4)
        command = ["prlimit", f"--data={_MEMORY}", "--"]
        soon = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "400"}
        variables = {**_PATH, **_NO_PREFETCH, **soon}
        here.start(layer, variables, command=command).ready().serves()
        taken = _taken(here)
        _limit(here, f"--data={taken + _SPARE}:")
        refused = here.daemon.get(_ALL)
        # 504 where there was too little even to say so, and the reader's time was up.
        assert refused.status_code in (500, 502, 504), refused.text
        here.serves()
        _limit(here, f"--data={_MEMORY}:")
        here.comes_to_answer(_ALL)
        return "the value; of the path, an error; then all of it"


CASES = [
    Case("descriptors used up", _descriptors_used_up),
    Case("too few descriptors from the beginning", _no_descriptor_at_all),
    Case("threads used up", _threads_used_up),
    Case("no thread from the beginning", _no_thread_at_all),
    Case("128 MB of memory, a path of 8 MB", _little_memory, tries=3),
    Case("too little memory", _too_little_memory, tries=20),
]
