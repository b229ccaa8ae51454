"""The pure core stays pure, and imports inside the daemon point one way."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "extension"
MODULES = {
    ".".join(path.relative_to(EXTENSION).with_suffix("").parts): path
    for path in EXTENSION.rglob("*.py")
}
# What each package may import, besides itself; `run` may import all.
BELOW = {
    "endpoint": {"cache", "declared", "http"},
    "aws": {"cache", "declared", "http"},
    "cache": {"declared", "http"},
    "declared": {"http"},
    "http": set[str](),
}
# The thin shell: what has a socket, a clock, a thread or a file. Everything else is values in,
# values out, and is handed the time and the means; so is a new module, unless it is named here.
SHELL = """
    __main__ aws.client aws.credentials aws.fetcher aws.prefetch aws.upstream aws.workers
    declared.text_file endpoint.client_connection endpoint.listener endpoint.server http.channel
    http.connection http.lookup http.loop http.tls http.translation http.trust_store run.daemon
    run.exec_wrapper run.extension run.lambda_api run.local_file run.log run.sidecar run.signals
    run.standard_output run.start run.start_failure
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
    return set(_names(ast.parse(MODULES[module].read_text()), module.split(".")[:-1]))


def own_imports(module: str) -> set[str]:
    """The daemon's own modules that a module imports."""
    return {name.removeprefix(".") for name in imports(module) if name.startswith(".")}


def _names(node: ast.AST, package: list[str]) -> Iterator[str]:
    match node:
        case ast.If(test=ast.Name("TYPE_CHECKING")):
            for statement in node.orelse:
                yield from _names(statement, package)
        case ast.Import():
            yield from (alias.name.partition(".")[0] for alias in node.names)
        case ast.ImportFrom(level=0, module=str(module)):
            yield module.partition(".")[0]
        case ast.ImportFrom():
            parents = package[: len(package) + 1 - node.level]
            where = ".".join([*parents, *filter(None, [node.module])])
            # What is imported from a package is a module, or a name of the package itself.
            names = (".".join(filter(None, [where, alias.name])) for alias in node.names)
            modules = {where} if where in MODULES else {_module(name) for name in names}
            yield from ("." + name for name in modules)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _names(child, package)


def _module(name: str) -> str:
    return name if name in MODULES else ".".join([*name.split(".")[:-1], "__init__"])


@pytest.mark.parametrize("module", sorted(PURE))
def test_a_pure_module_touches_nothing_but_values(module: str) -> None:
    """It imports neither sockets, clocks and threads, nor a module of ours that has them."""
    assert {name for name in imports(module) if not name.startswith(".")} <= HARMLESS
    assert own_imports(module) <= PURE


@pytest.mark.parametrize("package", BELOW)
def test_packages_import_only_those_below(package: str) -> None:
    """`run` → `endpoint`, `aws` → `cache` → `declared` → `http`, annotations included."""
    own = [path for module, path in MODULES.items() if module.startswith(f"{package}.")]
    named = {match for path in own for match in re.findall(r"from \.\.(\w+)\.", path.read_text())}
    assert named - {package, "value"} <= BELOW[package]


def test_imports_point_one_way() -> None:
    """No module imports itself, directly or through others."""
    TopologicalSorter({module: own_imports(module) for module in MODULES}).prepare()


def test_what_only_types_need_does_not_count() -> None:
    """A cycle of annotations is none; the pure endpoint names the loop's timers so."""
    assert "http.loop" not in own_imports("endpoint.endpoint")
    assert "from ..http.loop import Timer" in MODULES["endpoint.endpoint"].read_text()
