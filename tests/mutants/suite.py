"""Which tests a module has: those that import it, by themselves or through what they import."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Folders of the repository, and the packages that they are.
PACKAGES = {
    "extension": "extension",
    "layer/deploy": "warmkey.deploy",
    "layer/python/warmkey": "warmkey",
    "tests": "tests",
}
_TESTS = ("tests/unit", "tests/integration")  # in the order in which they run
_PACKAGE = "__init__.py"
_FARTHEST = 2  # imports between a test and what it tests


def modules(root: Path) -> dict[str, Path]:
    """Every module's file, by its name."""
    return {
        ".".join((package, *_parts(file.relative_to(root / folder)))): file
        for folder, package in PACKAGES.items()
        for file in sorted((root / folder).rglob("*.py"))  # which follows no links
    }


def _parts(file: Path) -> tuple[str, ...]:
    return file.parent.parts if file.name == _PACKAGE else file.with_suffix("").parts


def tests_of(module: str, root: Path) -> list[str]:
    """The files with a module's tests: unit tests first, and first those that import it.

    Args:
        module: Its name.
        root: The repository's root; paths are relative to it.
    """
    files = modules(root)
    imports = {name: set(_imports(name, file)) & files.keys() for name, file in files.items()}
    packages = {name for name, file in files.items() if file.name == _PACKAGE}
    for name, known in imports.items():  # what a package imports, it may offer as its own
        imports[name] = known.union(*(imports[each] for each in known & packages))
    distances = {module: 0}
    for distance in range(1, _FARTHEST + 1):
        for name in [name for name, known in imports.items() if known & distances.keys()]:
            distances.setdefault(name, distance)
    tests = [
        (kind, distances[name], str(files[name].relative_to(root)))
        for name in distances
        for kind, folder in enumerate(_TESTS)
        if files[name].is_relative_to(root / folder) and files[name].name.startswith("test_")
    ]
    return [file for _, _, file in sorted(tests)]


def _imports(module: str, file: Path) -> Iterator[str]:
    """The names of modules that a module may import, inside functions and child processes too."""
    text = file.read_text()
    yield from re.findall(r"\w+(?:\.\w+)+", text)  # as in a script for an interpreter of its own
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = node.level - (file.name == _PACKAGE)
            package = module.split(".")[: -up or None] if node.level else []
            named = ".".join([*package, *filter(None, [node.module])])
            for name in (named, *(f"{named}.{each.name}" for each in node.names)):
                yield name.removeprefix("warmkey.") if ".extension" in name else name
