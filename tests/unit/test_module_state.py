"""What the daemon's modules hold that could change is named here, with the reason why it may.

A snapshot (docs/how/snapshot.md) holds every module as it is when the layer is built: what one of
them noted then would be in each process of a version.
"""

import ast
import collections
import enum
import importlib
import pkgutil
import re
import struct
import sys
import sysconfig
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import extension

CONSTANT = "a table that nobody writes to"
REASONS = {
    "extension.declared.environment.steering.SOURCES": CONSTANT,
    "extension.declared.reference.OPTIONS": CONSTANT,
    "extension.declared.environment.variables.BOOLEANS": CONSTANT,
    "extension.endpoint.server.client_connection._ARRIVED": "requests are received into it; what "
    "is used of it is what has just arrived, and nothing arrives before there is a snapshot",
    "extension.http.address._DEFAULT_PORTS": CONSTANT,
    "extension.http.messages.REASONS": CONSTANT,
    "extension.http.client.tls._PREPARED": "a client's settings of TLS, made while the layer is "
    "built: the same in each start, without keys and roots",
    "extension.http.readings._ENTITIES": CONSTANT,
    "extension.http.readings._LETTERS": CONSTANT,
    "extension.http.scrubber._SMALL": CONSTANT,
    "extension.http.scrubber._STANDARD": CONSTANT,
    "extension.run.log.log._STANDARD_OUTPUT": "whether the last line was cut off; nothing is "
    "logged before there is a snapshot",
    "extension.run.log.log.Log.__init__(1)": "the same",
    "extension.declared.environment.process._NOTED_BY_LAUNCHER": CONSTANT,
    "extension.run.log.shortage._SHORTAGES": CONSTANT,
    "extension.run.start.failures._ERROR_TYPES": CONSTANT,
    "extension.sources.services.SERVICES": CONSTANT,
}
"""By the name of a module's variable, a class's attribute, or a parameter that has a default."""
_PYTHON = (sysconfig.get_path("stdlib"), "<string>")
UNCHANGING = (
    type(None),
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    range,
    enum.Enum,
    re.Pattern,
    struct.Struct,
    types.ModuleType,
    types.BuiltinFunctionType,
    types.GenericAlias,
    types.UnionType,
    types.MemberDescriptorType,
    types.GetSetDescriptorType,
    types.WrapperDescriptorType,
    type(collections.namedtuple("_", "field").field),  # type: ignore[attr-defined]
    typing.TypeVar,
)


def modules() -> Iterator[types.ModuleType]:
    """All of the daemon's."""
    yield extension
    for found in pkgutil.walk_packages(extension.__path__, "extension."):
        yield importlib.import_module(found.name)


def imported_names(module: types.ModuleType) -> set[str]:
    """What a module has from another one."""
    nodes = list(ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8"))))
    imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def state_of(module: types.ModuleType) -> Iterator[str]:
    """The names of all that can change in a module."""
    others = imported_names(module)
    for key, value in vars(module).items():
        if key not in others and not belongs_to_python(key, value):
            yield from changing(f"{module.__name__}.{key}", value)


def changing(name: str, value: object) -> Iterator[str]:
    """The names of what can change in a value."""
    if isinstance(value, UNCHANGING) or is_frozen(value) or of_typing(value):
        return
    parts: dict[str, object]
    match value:
        case tuple() | frozenset():
            parts = {f"[{number}]": part for number, part in enumerate(value)}
        case types.FunctionType() if value.__code__.co_filename.startswith(_PYTHON):
            return  # made by a decorator
        case types.FunctionType():
            parts = {f"({key})": part for key, part in enumerate(value.__defaults__ or ())}
            for keyword, part in (value.__kwdefaults__ or {}).items():
                parts[f"({keyword})"] = part
            for number, cell in enumerate(value.__closure__ or ()):
                parts[f"<{number}>"] = cell.cell_contents
        case types.MethodType():
            parts = {"": value.__self__}
        case staticmethod() | classmethod():
            parts = {"": value.__func__}
        case property():
            parts = {"": value.fget, ".setter": value.fset}
        case enum.EnumType():
            return  # what it holds of its members is Python's own
        case type():
            own = value.__module__.partition(".")[0] == name.partition(".")[0]
            members = vars(value).items() if own else ()
            parts = {f".{key}": part for key, part in members if not belongs_to_python(key, part)}
        case _:
            yield name
            return
    for key, part in parts.items():
        if part is not value and not (isinstance(part, type) and key.startswith("<")):
            yield from changing(name + key, part)


def belongs_to_python(name: str, value: object) -> bool:
    """Whether Python itself gives modules or classes this attribute."""
    special = name.startswith("__") and name.endswith("__")
    return name in {"_abc_impl", "_field_defaults"} or (
        special and not isinstance(value, types.FunctionType)
    )


def is_frozen(value: object) -> bool:
    """Whether a value is of a frozen data class; what is in it is as good as a constant."""
    parameters = getattr(type(value), "__dataclass_params__", None)
    return not isinstance(value, type) and bool(parameters and parameters.frozen)


def of_typing(value: object) -> bool:
    """Whether a value only says something of types."""
    return type(value).__module__ in {"typing", "__future__"}


def test_all_that_can_change_in_a_module_is_named() -> None:
    """A new one is named in REASONS, or moves into an object that a start makes."""
    assert {name for module in modules() for name in state_of(module)} == {*REASONS}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("KEPT = {}", "KEPT"),
        ("KEPT = [1]", "KEPT"),
        ("KEPT = set()", "KEPT"),
        ("KEPT = bytearray(1)", "KEPT"),
        ("KEPT = (1, ('a', []))", "KEPT[1][1]"),
        ("class A:\n    seen = []", "A.seen"),
        ("class A:\n    pass\nKEPT = A()", "KEPT"),
        ("class A:\n    @property\n    def b(self, of=[]): return of", "A.b(0)"),
        ("class A:\n    @staticmethod\n    def b(*, of=[]): return of", "A.b(of)"),
        ("class A:\n    def __init__(self, of=[]): pass", "A.__init__(0)"),
        ("def b(of={}): return of", "b(0)"),
        ("import functools\n@functools.cache\ndef b(): return 1", "b"),
        ("def a():\n    kept = []\n    return lambda: kept\nb = a()", "b<0>"),
        ("import itertools\nKEPT = itertools.count()", "KEPT"),
    ],
)
def test_mutable_objects_are_found(
    line: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the test before could not fail."""
    (tmp_path / "changing_example.py").write_text(line, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "changing_example", raising=False)
    module = importlib.import_module("changing_example")
    assert list(state_of(module)) == [f"changing_example.{name}"]
