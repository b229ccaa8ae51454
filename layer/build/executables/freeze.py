"""Compile the daemon and the modules that it needs into C tables.

Run by the Python 3.13 that the build has linked, so that no other is needed:

    python -S -B freeze.py STDLIB EXTENSION OUT

Modules in layer/interpreter/replaced/ take the place of STDLIB's.

OUT gets

- frozen.bin: every module's code, marshalled at optimisation level 2;
- frozen.c, in place of CPython's Python/frozen.c, and config.c, in place of its Modules/config.c;
- modules.txt: their names, for people and tests.
"""

import ast
import marshal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from layer.build.executables.closure import Module, closure, names_in

BOOTSTRAP = {
    "importlib._bootstrap": "_frozen_importlib",
    "importlib._bootstrap_external": "_frozen_importlib_external",
}
INITIALISERS = {
    "_warnings": "_PyWarnings_Init",
    "builtins": "NULL",
    "marshal": "PyMarshal_Init",
    "sys": "NULL",
}
REPLACED = Path(__file__).parents[2] / "interpreter/replaced"
ALIGNMENT = 16
OWN = "extension"


def code_of(module: Module) -> bytes:
    """A module's code, marshalled."""
    where, tree = f"<frozen {module.name}>", module.tree
    if module.name.partition(".")[0] == OWN:
        tree = Unannotated().visit(tree)
    return marshalled(compile(tree, where, "exec", dont_inherit=True, optimize=2))


class Unannotated(ast.NodeTransformer):
    """Functions without annotations: nothing reads them, and each start would make them."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """A parameter."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """What a function returns."""
        node.returns = None
        return self.generic_visit(node)


def marshalled(code: CodeType) -> bytes:
    """A module's code as bytes that depend on nothing else.

    What `marshal` writes depends on how many references there are to each object, and the rest of
    the process may refer to the same strings: so there are only new objects here, and a second
    reference to each string.
    """
    fresh = marshal.loads(marshal.dumps(code))  # noqa: S302 - our own
    held = list(strings_in(fresh))
    result = marshal.dumps(fresh)
    del held
    return result


def strings_in(value: object) -> Iterator[str]:
    """Every string that a code object, or a constant of one, refers to."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, CodeType):
        yield from (value.co_filename, value.co_name, value.co_qualname)
        for part in (value.co_names, value.co_varnames, value.co_cellvars, value.co_freevars):
            yield from part
        yield from strings_in(value.co_consts)


def frozen_c(modules: list[Module], blob: Path) -> str:
    """The tables of frozen modules; the code itself goes into the file `blob`."""
    whole = bytearray()
    tables: dict[bool, list[str]] = {True: [], False: []}
    for module in modules:
        whole += b"\0" * (-len(whole) % ALIGNMENT)
        code, name = code_of(module), BOOTSTRAP.get(module.name, module.name)
        row = f'  {{"{name}", frozen_code + {len(whole)}, {len(code)}, {int(module.is_package)}}},'
        tables[name != module.name].append(row)
        whole += code
    blob.write_bytes(whole)
    return "\n".join(
        [
            "#include <Python.h>",
            "#include <internal/pycore_import.h>",
            '__asm__(".section .rodata.frozen_code,\\"a\\"\\n.balign 16\\nfrozen_code:\\n"',
            f'        ".incbin \\"{blob.name}\\"\\n.previous\\n");',
            "extern const unsigned char frozen_code[];",
            "static const struct _frozen bootstrap[] = {",
            *tables[True],
            "  {0}};",
            "static const struct _frozen modules[] = {",
            *tables[False],
            "  {0}};",
            "static const struct _frozen none[] = {{0}};",
            "static const struct _module_alias aliases[] = {",
            *(f'  {{"{alias}", "{name}"}},' for name, alias in BOOTSTRAP.items()),
            "  {0}};",
            "const struct _frozen *_PyImport_FrozenBootstrap = bootstrap;",
            "const struct _frozen *_PyImport_FrozenStdlib = modules;",
            "const struct _frozen *_PyImport_FrozenTest = none;",
            "const struct _frozen *PyImport_FrozenModules = NULL;",
            "const struct _module_alias *_PyImport_FrozenAliases = aliases;",
            "",
        ]
    )


def config_c(builtin: list[str]) -> str:
    """The table of builtin modules."""
    initialisers = {name: INITIALISERS.get(name, f"PyInit_{name}") for name in builtin}
    declared = sorted(set(initialisers.values()) - {"NULL"})
    return "\n".join(
        [
            "#include <Python.h>",
            *(f"extern PyObject *{function}(void);" for function in declared),
            "struct _inittab _PyImport_Inittab[] = {",
            *(f'  {{"{name}", {function}}},' for name, function in initialisers.items()),
            "  {0}};",
            "",
        ]
    )


def main(stdlib: Path, extension: Path, out: Path) -> None:
    """Write the four files."""
    modules, builtin = closure(names_in(extension), [extension.parent, REPLACED, stdlib])
    out.mkdir(parents=True, exist_ok=True)
    (out / "frozen.c").write_text(frozen_c(modules, out / "frozen.bin"), encoding="utf-8")
    (out / "config.c").write_text(config_c(builtin), encoding="utf-8")
    names = [*(f"frozen {module.name}" for module in modules), *(f"builtin {b}" for b in builtin)]
    (out / "modules.txt").write_text("\n".join(names) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
