"""The packages of the operator's command import one another one way."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import warmkey.deploy

ROOT = Path(warmkey.deploy.__file__).parent
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.rglob("*.py")}
MAY_IMPORT = {
    "account": "",
    "output": "",
    "report": "output",
    "layers": "account output",
    "named_file": "output",
    "secrets": "named_file output",
    "iam": "account output secrets",
    "functions": "account iam layers named_file output secrets",
    "bench": "account functions layers output report",
    "doctor": "account functions iam layers output secrets",
    "infrastructure": "functions iam layers output secrets",
    "local_endpoint": "account output",
    "session_credentials": "output",
    "commands": "account local_endpoint named_file session_credentials bench doctor functions iam "
    "layers output secrets",
    "__main__": "commands",
    "__init__": "",
}


def imports(module: str) -> Iterator[str]:
    """The modules of the command that a module imports, wherever in it, as `package.module`."""
    path = module.split(".")
    for node in ast.walk(ast.parse((ROOT / "/".join(path)).with_suffix(".py").read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and 0 < node.level <= len(path):
            base = [*path[: -node.level], *(node.module or "").split(".")]
            for name in (".".join(filter(None, (*base, alias.name))) for alias in node.names):
                yield name if name in MODULES else ".".join(filter(None, base))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_package_imports_only_those_below_it(module: str) -> None:
    """Which those are is said above, and a new package has to be added there."""
    package = module.split(".")[0]
    allowed = {package, *MAY_IMPORT[package].split()}
    assert {name.split(".")[0] for name in imports(module)} <= allowed


def test_imports_point_one_way() -> None:
    """Neither a package nor a module imports itself, directly or through others."""
    TopologicalSorter({name: below.split() for name, below in MAY_IMPORT.items()}).prepare()
    TopologicalSorter({module: set(imports(module)) for module in MODULES}).prepare()
