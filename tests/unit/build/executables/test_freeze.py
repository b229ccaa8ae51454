"""The tables of frozen and of builtin modules."""

from pathlib import Path

from layer.build.executables import freeze
from layer.build.executables.closure import Module


def test_every_module_is_in_its_table_with_its_code(tmp_path: Path) -> None:
    """The one that CPython's start looks for by another name is in a table of its own."""
    file = tmp_path / "a.py"
    file.write_text("x = 1", encoding="utf-8")
    modules = [Module("a", file), Module("importlib._bootstrap", file)]
    text = freeze.frozen_c(modules, tmp_path / "blob")
    code = freeze.code_of(modules[0])
    assert f'{{"a", frozen_code + 0, {len(code)}, 0}},' in text
    assert (tmp_path / "blob").read_bytes().startswith(code)
    assert text.index('"_frozen_importlib"') < text.index(" modules[]") < text.index('{"a", ')


def test_builtin_modules_are_initialised_by_their_functions() -> None:
    """Four have none, or one of an unusual name."""
    text = freeze.config_c(["_json", "_warnings", "marshal", "sys"])
    assert '{"_json", PyInit__json}' in text
    assert '{"_warnings", _PyWarnings_Init}' in text
    assert '{"marshal", PyMarshal_Init}' in text
    assert '{"sys", NULL}' in text
