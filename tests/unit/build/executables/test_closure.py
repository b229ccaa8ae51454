"""What is frozen into the interpreter: all that the daemon needs, and little more."""

import sys
from pathlib import Path

import pytest

from layer.build.executables import closure


@pytest.fixture
def stdlib(tmp_path: Path) -> Path:
    """A standard library of empty modules: those that the interpreter itself needs."""
    root = tmp_path / "stdlib"
    for name in (*closure.PURE, "importlib.__init__"):
        write(root, name, "")
    return root


def write(root: Path, name: str, text: str) -> None:
    """Write a module."""
    file = root / (name.replace(".", "/") + ".py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def needed(
    stdlib: Path, daemon: dict[str, str], library: dict[str, str]
) -> tuple[set[str], set[str]]:
    """What the daemon of these modules needs of a library: in Python beyond the least, and in C."""
    folder = stdlib.parent / "daemon"
    for name, text in {"extension.__init__": "", **daemon}.items():
        write(folder, name, text)
    for name, text in library.items():
        write(stdlib, name, text)
    names = closure.names_in(folder / "extension")
    modules, builtin = closure.closure(names, [folder, stdlib])
    least = {*closure.PURE, *names, "importlib"}
    return {module.name for module in modules} - least, set(builtin) - closure.BUILTIN


def test_an_import_inside_a_function_does_not_count(stdlib: Path) -> None:
    """Neither of the daemon, which has none, nor of the library, or nearly all would be needed."""
    daemon = {"extension.a": "import a\ndef f():\n    import d\n"}
    library = {
        "a": "import b\nclass C:\n    import c\n    def f(self):\n        import d\n",
        "b": "",
    }
    pure, _ = needed(stdlib, daemon, {**library, "c": "", "d": ""})
    assert pure == {"a", "b", "c"}


def test_imports_for_type_checkers_do_not_count(stdlib: Path) -> None:
    """They never run."""
    text = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import absent\nelse:\n    import b\n"
    pure, _ = needed(stdlib, {"extension.a": text}, {})
    assert pure == set()


def test_pure_python_substitute_of_a_c_module_does_not_count(stdlib: Path) -> None:
    """The C module is there."""
    library = {"a": "try:\n    from _json import x\nexcept ImportError:\n    import b\n", "b": ""}
    pure, builtin = needed(stdlib, {"extension.a": "import a"}, library)
    assert pure == {"a"}
    assert ("_json" in builtin) == ("_json" in sys.builtin_module_names)


def test_relative_imports_are_followed(stdlib: Path) -> None:
    """From the module's own package, and from those above."""
    library = {
        "p.__init__": "from . import a",
        "p.a": "from .q import b\n",
        "p.q.__init__": "",
        "p.q.b": "from ..c import name\nfrom .. import d\n",
        "p.c": "",
        "p.d": "",
    }
    pure, _ = needed(stdlib, {"extension.a": "import p"}, library)
    assert pure == {"p", "p.a", "p.q", "p.q.b", "p.c", "p.d"}


def test_a_submodule_brings_its_package(stdlib: Path) -> None:
    """As importing it does."""
    library = {"p.__init__": "import q", "p.a": "", "q": ""}
    pure, _ = needed(stdlib, {"extension.a": "import p.a"}, library)
    assert pure == {"p", "p.a", "q"}


def test_a_module_under_another_name_is_that_module(stdlib: Path) -> None:
    """`collections` puts `collections.abc` into sys.modules."""
    daemon = {"extension.a": "from collections.abc import Mapping"}
    pure, _ = needed(stdlib, daemon, {"collections.__init__": ""})
    assert pure == {"collections"}


@pytest.mark.parametrize("text", ["import absent", "from absent import thing", "import a.absent"])
def test_an_import_of_the_daemon_that_is_not_there_stops_the_build(stdlib: Path, text: str) -> None:
    """It says who imports what."""
    with pytest.raises(SystemExit, match=r"^extension\.a imports (a\.)?absent, which is nowhere"):
        needed(stdlib, {"extension.a": text}, {"a.__init__": ""})


def test_an_import_of_the_library_that_is_not_there_is_no_matter(stdlib: Path) -> None:
    """Such as of a module for another system."""
    pure, _ = needed(stdlib, {"extension.a": "import a"}, {"a": "import _winapi, nt"})
    assert pure == {"a"}


def test_modules_compiled_by_the_build_are_builtin(stdlib: Path) -> None:
    """Whatever Python runs the build."""
    _, builtin = needed(stdlib, {"extension.a": "import _ssl"}, {})
    assert builtin >= closure.COMPILED
