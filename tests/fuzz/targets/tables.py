"""`declarations.declared`: any warmkey.json beside any variables is declarations or an error."""

from extension.declared.declarations import DeclarationError, Declarations, declared
from extension.declared.reference import Reference
from extension.declared.stages import StageError
from extension.sources.parameter_path import ParameterPath
from tests.fuzz.target import CANARY, Target, assert_untold

_PATH = "/var/task/warmkey.json"


def attempt(data: bytes) -> None:
    """Read the variables in the lines before the last one, and the table in the last one."""
    *lines, table = data.decode("utf-8", "surrogateescape").split("\n")
    if CANARY in table or any(CANARY in line for line in lines):
        return
    pairs = (line.partition("=") for line in lines)
    environ = {name: value for name, _, value in pairs if name} | {"STRIPE_KEY": CANARY}
    try:
        found = declared(environ, table or None, _PATH)
    except (DeclarationError, StageError) as error:
        assert_untold(str(error))
        return
    _check(found)
    assert declared(dict(reversed(environ.items())), table or None, _PATH) == found


def _check(found: Declarations) -> None:
    """Everything that is declared is allowed, and nothing stands for a secret that was not."""
    assert_untold(repr(found))
    for name, reference in found.by_name():
        assert name
        assert isinstance(reference, Reference)
        if not isinstance(reference.source, ParameterPath):
            assert found.allow(reference.source)
    assert all(isinstance(path.source, ParameterPath) for path in found.paths)
    assert len(found.all()) == len(found.references) + len(found.paths)


TARGET = Target(
    "tables",
    attempt,
    [
        *('"stages":', '"fallback":', '"secrets":', '"$schema":', '"prod"', '"dev"', '"/a/*"'),
        *("WARMKEY_STAGE=prod\n", "WARMKEY_STAGES=", "KEY=warmkey:", "STAGE=", "*=test"),
        '"/a/{stage}"',
    ],
    json=True,
)
