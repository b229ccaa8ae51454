"""The functions whose INIT is measured: the plainest there are, on AWS's own runtime clients."""

from dataclasses import dataclass
from pathlib import Path

from tests.languages import go
from tests.languages.node_runtime import node_bootstrap

_HERE = Path(__file__).parent
PYTHON = "Python"
NODE = "Node"
GO = "Go"
LABELS = (PYTHON, NODE, GO)


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


def node_function() -> Runtime:
    """A Node function on `aws-lambda-ric`.

    Raises:
        Unavailable: There is no Node, or its runtime client cannot be built.
    """
    return Runtime(NODE, _HERE / "function_node", node_bootstrap())


def go_function() -> Runtime:
    """A Go function on `aws-lambda-go`, which is its own runtime, as `provided.al2023` wants.

    Raises:
        Unavailable: There is no Go, or the module proxy cannot be reached.
    """
    built = go.GO.plain()
    return Runtime(GO, built.package, built.bootstrap)
