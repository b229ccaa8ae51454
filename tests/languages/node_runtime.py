"""The managed Node.js runtime: AWS's runtime client, `aws-lambda-ric`, on this machine's Node.

It is built natively, which takes two minutes or more, and kept in `build`.
"""

import shutil
from pathlib import Path

from layer.build.plan import REPOSITORY
from tests.languages.language import Unavailable
from tests.languages.npm import installed, tool

_LOCK = Path(__file__).with_name("aws-lambda-ric")
_KEPT = REPOSITORY / "build/languages/node/aws-lambda-ric"
# What its build calls, and the packages of Debian and Ubuntu that hold it. It also needs Node's
# headers (libnode-dev), which npm fetches from nodejs.org where they are not installed.
_TOOLS = {
    "c++": "g++",
    "make": "make",
    "cmake": "cmake",
    "autoconf": "autoconf",
    "automake": "automake",
    "libtoolize": "libtool",
    "python3": "python3",
    "xz": "xz-utils",
}
# What the managed runtime sets; see "Working with layers for Node.js Lambda functions" in AWS's
# Lambda developer guide. `require` looks there. AWS's own Node has `import` look there, too, which
# no other does.
_NODE_PATH = ("/opt/nodejs/node_modules", "/var/runtime/node_modules", "/var/runtime", "/var/task")


def node_bootstrap(handler: str = "app.handler") -> tuple[str, ...]:
    """The runtime's command, with the variables that it alone gets.

    Args:
        handler: The handler, as `module.function`.

    Raises:
        Unavailable: There is no Node, or its runtime client cannot be built.
    """
    node = tool("node")
    if node.is_relative_to("/opt"):
        raise Unavailable(f"{node} lies in /opt, which a function's layers cover")
    variables = (
        "LAMBDA_TASK_ROOT=/var/task",
        "LAMBDA_RUNTIME_DIR=/var/runtime",
        f"NODE_PATH={':'.join(_NODE_PATH)}",
        f"_HANDLER={handler}",
    )
    return ("/usr/bin/env", *variables, str(node), str(_client()), handler)


def _client() -> Path:
    missing = [package for command, package in _TOOLS.items() if not shutil.which(command)]
    if missing and not _KEPT.exists():
        raise Unavailable(
            "AWS's runtime client for Node cannot be built without "
            f"{', '.join(missing)}: `make tools` installs it"
        )
    return installed(_LOCK, _KEPT) / "node_modules/aws-lambda-ric/index.mjs"
