"""The functions whose INIT is measured: the plainest there are, on AWS's own runtime clients."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.bench.peer import Unavailable

_HERE = Path(__file__).parent
PYTHON = "Python"
NODE = "Node"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A function with what runs it.

    Attributes:
        label: What the tables call it.
        package: Its package, seen as `/var/task`.
        bootstrap: The command that is the runtime; None for the managed Python runtime's.
    """

    label: str
    package: Path
    bootstrap: tuple[str, ...] | None = None


def python_function() -> Runtime:
    """A Python function on `awslambdaric`."""
    return Runtime(PYTHON, _HERE / "function_python")


def node_function(place: Path) -> Runtime:
    """A Node function on `aws-lambda-ric`, which takes two minutes to build and is kept.

    Raises:
        Unavailable: There is no Node, or its runtime client cannot be built.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Unavailable("there is no Node (`node` and `npm`); see https://nodejs.org")
    if Path(node).is_relative_to("/opt"):
        raise Unavailable(f"{node} lies in /opt, which a function's layers cover")
    client = _runtime_client(npm, place / "node")
    variables = ("LAMBDA_TASK_ROOT=/var/task", "_HANDLER=app.handler")
    bootstrap = ("/usr/bin/env", *variables, node, str(client), "app.handler")
    return Runtime(NODE, _HERE / "function_node", bootstrap)


def _runtime_client(npm: str, place: Path) -> Path:
    """Install the locked runtime client, unless it is there."""
    client = place / "node_modules/aws-lambda-ric/index.mjs"
    lock = (_HERE / "function_node/package-lock.json").read_text(encoding="utf-8")
    installed = place / "installed.json"  # the lock it was installed by
    if installed.is_file() and installed.read_text(encoding="utf-8") == lock:
        return client
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_HERE / "function_node" / name, place)
    _npm_ci(npm, place)
    installed.write_text(lock, encoding="utf-8")
    return client


def _npm_ci(npm: str, place: Path) -> None:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    done = subprocess.run(  # noqa: S603
        [npm, "ci", "--no-audit", "--no-fund"],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-20:])
        raise Unavailable(
            "AWS's runtime client for Node cannot be built; it needs a C++ compiler, make, cmake "
            f"and Node's headers. npm said:\n{said}"
        )
