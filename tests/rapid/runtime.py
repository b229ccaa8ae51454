"""The runtime of a function and the variables that Lambda sets for it."""

import shlex
import sys
from pathlib import Path

_REGION = "eu-central-1"
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/bin"


def function_environment(name: str) -> dict[str, str]:
    """What Lambda sets in every function's environment, extensions included; no credentials.

    The core itself adds `AWS_LAMBDA_RUNTIME_API`, the log's names and empty credentials.

    Source: "Working with Lambda environment variables" in AWS's Lambda developer guide.
    """
    return {
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_REGION": _REGION,
        "LANG": "en_US.UTF-8",
        "PATH": _SYSTEM_PATH,
        "TZ": ":UTC",
    }


def python_bootstrap(handler: str, task: str = "/var/task", opt: str = "/opt") -> list[str]:
    """The managed Python runtime's command: `awslambdaric` on the interpreter of the tests.

    It alone gets the variables that Lambda keeps from extensions.

    Args:
        handler: The handler, as `module.function`.
        task: Where the function's package is.
        opt: Where the layer is.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    runtime_only = [
        f"AWS_EXECUTION_ENV=AWS_Lambda_python{version}",
        f"LAMBDA_TASK_ROOT={task}",
        "LAMBDA_RUNTIME_DIR=/var/runtime",
        f"PYTHONPATH={task}:{opt}/python",
        f"_HANDLER={handler}",
    ]
    return ["/usr/bin/env", *runtime_only, sys.executable, "-m", "awslambdaric", handler]


def python_program(source: str, options: str = "-IB") -> str:
    """A program of its own for the interpreter of the tests, wherever that is.

    No `#!` line names a path that is long or has a space in it, so a shell starts the interpreter;
    to Python, what the shell reads is a string.

    Args:
        source: The program.
        options: The interpreter's.
    """
    return f"""#!/bin/sh
'''exec' "{sys.executable}" {options} "$0" "$@"
' '''
{source}"""


def add_bootstrap(package: Path, handler: str) -> None:
    """Put that command into a package as `bootstrap`, which is all that Managed Instances start.

    Args:
        package: The function's package.
        handler: The handler, as `module.function`.
    """
    path = package / "bootstrap"
    path.write_text(f"#!/bin/sh\nexec {shlex.join(python_bootstrap(handler))}\n", encoding="utf-8")
    path.chmod(0o755)
