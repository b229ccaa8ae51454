"""The closure of the daemon: all the modules that its imports lead to.

That is all that `extension` imports, what these import, and so on, and what the interpreter itself
needs; imports inside functions don't count, as nothing is imported after a snapshot is made.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

# What the interpreter's core, or a C module, imports by name.
PURE = {
    "encodings.ascii",
    "encodings.latin_1",
    "encodings.utf_8",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "io",
    "linecache",
    "traceback",
    "warnings",
}
BUILTIN = {
    "_abc",
    "_blake2",
    "_codecs",
    "_functools",
    "_imp",
    "_io",
    "_operator",
    "_signal",
    "_sre",
    "_stat",
    "_string",
    "_thread",
    "_tracemalloc",
    "_warnings",
    "_weakref",
    "atexit",
    "builtins",
    "errno",
    "faulthandler",
    "gc",
    "itertools",
    "marshal",
    "posix",
    "sys",
    "time",
}
# Compiled by this build; all others are in libpython.
COMPILED = {"_contextvars", "_hashlib", "_queue", "_ssl"}
# Imported at the top of a module that is needed, but not by a daemon that runs on Linux.
LEFT_OUT = {"_pyrepl", "bz2", "ctypes", "lzma", "nt", "nturl2path", "winreg"}
# What other modules put into sys.modules, and which ones do.
ALIASES = {"collections.abc": "collections", "os.path": "os"}
NEVER = {"TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'"}
# Not run by an import: functions, and a handler that would import what stands in for a C module.
LATER = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ExceptHandler


class Import(NamedTuple):
    """A name that may be a module's, and whether it can be nothing else."""

    name: str
    is_module: bool


class Module:
    """A module written in Python."""

    def __init__(self, name: str, file: Path) -> None:
        self.name = name
        self.file = file
        self.is_package = file.name == "__init__.py"

    @cached_property
    def tree(self) -> ast.Module:
        """Its text, parsed."""
        return ast.parse(self.file.read_bytes())

    def imports(self) -> Iterator[Import]:
        """What it imports when it is imported itself."""
        for statement in import_statements(self.tree):
            if isinstance(statement, ast.Import):
                yield from (Import(alias.name, True) for alias in statement.names)
            else:
                origin = self._absolute(statement)
                yield Import(origin, True)
                yield from (Import(f"{origin}.{a.name}", False) for a in statement.names)

    def _absolute(self, statement: ast.ImportFrom) -> str:
        parents = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        above = parents[: len(parents) - statement.level + 1] if statement.level else []
        return ".".join([*above, *([statement.module] if statement.module else [])])


def import_statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements that run when a module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not never_runs(child) and not isinstance(child, LATER):
            yield from import_statements(child)


def never_runs(node: ast.AST) -> bool:
    """Whether it is what only type checkers read, or what runs only in a script."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in NEVER


def find(name: str, roots: list[Path]) -> Module | None:
    """The module of that name, if there is one written in Python."""
    for root in roots:
        path = root.joinpath(*name.split("."))
        for file in (path / "__init__.py", path.parent / f"{path.name}.py"):
            if file.is_file():
                return Module(name, file)
    return None


def names_in(package: Path) -> list[str]:
    """Every module of the daemon."""
    paths = (f.relative_to(package.parent).with_suffix("") for f in sorted(package.rglob("*.py")))
    return [".".join(p.parts).removesuffix(".__init__") for p in paths]


def closure(daemon: list[str], roots: list[Path]) -> tuple[list[Module], list[str]]:
    """All that is needed: modules written in Python, and the names of builtin ones.

    Raises:
        SystemExit: The daemon imports a module that is not to be had.
    """
    found: dict[str, Module] = {}
    builtin = {*BUILTIN, *COMPILED}
    wanted = [("", Import(name, True)) for name in (*daemon, *sorted(PURE))]
    while wanted:
        importer, (name, is_module) = wanted.pop()
        name = ALIASES.get(name, name)
        if name in found or name in LEFT_OUT:
            continue
        if name in sys.builtin_module_names or name in COMPILED:
            builtin.add(name)
        elif module := find(name, roots):
            found[name] = module
            wanted += [(name, i) for i in module.imports()]
            wanted += [
                (name, Import(parent, True)) for parent in [name.rpartition(".")[0]] if parent
            ]
        elif is_module and (importer in daemon or not importer):
            raise SystemExit(
                f"{importer or 'the build'} imports {name}, which is nowhere to be found"
            )
    return [found[name] for name in sorted(found)], sorted(builtin)
