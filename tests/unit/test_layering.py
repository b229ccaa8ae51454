"""The daemon's packages point one way, and its pure modules stay pure."""

import ast
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
    "endpoint": {"cache", "declared", "sources", "http"},
    "aws": {"cache", "declared", "sources", "http"},
    "cache": {"declared", "sources", "http"},
    "declared": {"sources", "http"},
    "sources": {"http"},
    "http": set[str](),
}
# The thin shell: what has a socket, a clock, a thread or a file. Everything else is values in,
# values out, and is handed the time and the means; so is a new module, unless it is named here.
SHELL = """
    __main__ aws.credentials.assumed_role aws.credentials.container_endpoint
    aws.credentials.instance_metadata aws.credentials.provider aws.lanes aws.upstream
    aws.workers declared.files.text_file declared.files.token_file
    endpoint.server.client_connection endpoint.server.connections endpoint.server.listener
    endpoint.server.server endpoint.server.unix_socket http.client.channel
    http.client.connection http.client.connector http.client.lookup http.client.proxy
    http.client.tls http.client.translation http.client.trust_store http.loop run.randomness
    run.daemon run.exec_wrapper.programs run.exec_wrapper.wrapper run.extension
    run.extensions_api.client run.host run.local_file run.log.log run.log.standard_output
    run.signals run.start.start run.tokens
"""
IMPURE = {"gc", "io", "os", "pathlib", "queue", "select", "signal", "socket", "ssl", "subprocess"}
IMPURE |= {"sys", "threading", "time"}


def imports(module: str) -> set[str]:
    """What a module imports; one of the daemon's own begins with a dot."""
    tree = ast.parse(MODULES[module].read_text())
    return {name for node in ast.walk(tree) for name in _names(node, module.split(".")[:-1])}


def _names(node: ast.AST, package: list[str]) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name.partition(".")[0] for alias in node.names)
        case ast.ImportFrom(level=0, module=str(module)):
            yield module.partition(".")[0]
        case ast.ImportFrom():
            parents = package[: len(package) + 1 - node.level]
            where = ".".join([*parents, *filter(None, [node.module])])
            names = [".".join(filter(None, [where, alias.name])) for alias in node.names]
            # What is imported from a package is a module, or a name of the package itself.
            yield from {f".{where if where in MODULES else _module(name)}" for name in names}


def _module(name: str) -> str:
    return name if name in MODULES else ".".join([*name.split(".")[:-1], "__init__"])


def own_imports(module: str) -> set[str]:
    """The daemon's own modules that a module imports."""
    return {name.removeprefix(".") for name in imports(module) if name.startswith(".")}


@pytest.mark.parametrize("package", BELOW)
def test_packages_import_only_those_below(package: str) -> None:
    """`run` → `endpoint`, `aws` → `cache` → `declared` → `sources` → `http`."""
    own = [module for module in MODULES if module.startswith(f"{package}.")]
    imported = {name.partition(".")[0] for module in own for name in own_imports(module)}
    assert imported - {package, "__init__"} <= BELOW[package]


def test_modules_import_no_cycle() -> None:
    """No module imports itself, directly or through others."""
    TopologicalSorter({module: own_imports(module) for module in MODULES}).prepare()


@pytest.mark.parametrize("module", sorted(MODULES.keys() - set(SHELL.split())))
def test_pure_modules_touch_nothing_but_values(module: str) -> None:
    """They import neither sockets nor clocks, threads or files."""
    assert not imports(module) & IMPURE


@pytest.mark.parametrize("module", SHELL.split())
def test_the_shell_names_no_module_that_could_be_pure(module: str) -> None:
    """A module that touches none of these any more is taken off the list."""
    assert imports(module) & IMPURE


READS_ENVIRONMENT = {
    "run.exec_wrapper.environment",
    "run.exec_wrapper.programs",
    "run.exec_wrapper.wrapper",
}  # whose subject it is


@pytest.mark.parametrize("module", sorted(MODULES.keys() - READS_ENVIRONMENT))
def test_the_environment_is_read_by_declared_alone(module: str) -> None:
    """Others are given what it says."""
    tree = ast.parse(MODULES[module].read_text())
    reads = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "environ"
    ]
    assert module.startswith("declared.") or reads == []
