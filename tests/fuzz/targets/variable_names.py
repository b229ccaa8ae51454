"""Names of variables: what is made of a parameter's name is one, or is known to be none."""

from extension.declared.environment import variable_name
from extension.declared.environment.steering import SOURCES, steers
from extension.run.exec_wrapper.environment import UnusableEnvironment, fill
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Fill an environment from a path, whose parameters are named by whoever may write there."""
    aliases = data.decode("utf-8", "surrogateescape").split("\n")
    secrets = dict.fromkeys(aliases, CANARY)
    given = {"APP": "warmkey:/app/*", "KEPT": "as it is"}
    for path_names in ("alias", "env"):
        try:
            filled = fill(given, secrets, _no, _no, _no, path_names=path_names)
        except UnusableEnvironment as error:
            assert_untold(str(error))
            continue
        assert filled.environ["KEPT"] == "as it is"
        for name in filled.environ.keys() - given.keys():
            assert variable_name.is_valid(name)
            assert not steers(name)
        for sentence in filled.left_out:
            assert_untold(sentence)


def _no(_alias: str) -> bool:
    return False


_NAMES = [name.strip("*") for each in SOURCES.values() for name in each.names]

TARGET = Target("variable-names", attempt, ["\n", "/", "-", "_", "KEPT", "kept", "APP", *_NAMES])
