"""The pure core stays pure, and imports inside the daemon point one way."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "extension"
MODULES = {path.stem: path for path in EXTENSION.glob("*.py")}
# The thin shell: what has a socket, a clock, a thread or a file. Everything else is values in,
# values out, and is handed the time and the means; so is a new module, unless it is named here.
SHELL = """
    __main__ caller channel connection credentials daemon exec_wrapper fetch lambda_api
    lambda_extension listener local_file log lookup loop prefetch reader server sidecar signals
    standard_output start start_failure text_file tls trust upstream upstream_error workers
"""
PURE = MODULES.keys() - set(SHELL.split())
# What computes and does nothing else.
HARMLESS = {
    "__future__",
    "_hashlib",
    "_json",
    "_operator",
    "binascii",
    "datetime",
    "difflib",
    "errno",
    "json",
}


def imports(module: str) -> set[str]:
    """What a module imports when it runs; one of the daemon's own begins with a dot."""
    return set(_names(ast.parse(MODULES[module].read_text())))


def own_imports(module: str) -> set[str]:
    """The daemon's own modules that a module imports."""
    found = {name.removeprefix(".") for name in imports(module) if name.startswith(".")}
    # `from . import VERSION` is a name of the package, which is always there.
    return {name if name in MODULES else "__init__" for name in found}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.If(test=ast.Name("TYPE_CHECKING")):
            for statement in node.orelse:
                yield from _names(statement)
        case ast.Import():
            yield from (alias.name.partition(".")[0] for alias in node.names)
        case ast.ImportFrom(module=None):
            yield from ("." + alias.name for alias in node.names)
        case ast.ImportFrom(module=str(module)):
            yield ("." if node.level else "") + module.partition(".")[0]
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _names(child)


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_touches_nothing_but_values(module: str) -> None:
    """It imports neither sockets, clocks and threads, nor a module of ours that has them."""
    assert {name for name in imports(module) if not name.startswith(".")} <= HARMLESS
    assert own_imports(module) <= PURE


def test_imports_point_one_way() -> None:
    """No module imports itself, directly or through others."""
    TopologicalSorter({module: own_imports(module) for module in MODULES}).prepare()


def test_what_only_types_need_does_not_count() -> None:
    """A cycle of annotations is none; the pure endpoint names the loop's timers so."""
    assert "loop" not in own_imports("endpoint")
    assert "from .loop import Timer" in MODULES["endpoint"].read_text()
