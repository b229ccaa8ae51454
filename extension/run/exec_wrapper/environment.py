"""The environment of a program that is started with secrets.

A variable whose value is a reference gets the secret; one whose secret is optional and does not
exist goes. An alias that is a valid variable name becomes a variable, unless there is one of that
name. So a secret that is to stay out of the environment gets an alias that is not a valid variable
name.

The names of parameters below a path are data: those that steer programs become no variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...declared import reference
from ...declared.declarations import MARK
from ...declared.environment import variable_name
from ...declared.environment.steering import steers

REMEDY = (
    "declare it in warmkey.json by an alias that is not a valid variable name, such as {0}.value, "
    "and read it from the endpoint"
)
"""What to do about a secret, here named 0, that no variable can hold."""

_SHOWN = 10  # names of parameters that become no variables
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


class UnusableEnvironment(ValueError):
    """A variable can't get its secret; the message names it, and never shows the secret."""


@dataclass(frozen=True, slots=True)
class Filled:
    """An environment with secrets.

    Attributes:
        environ: the environment.
        left_out: which parameters below a path have no variable, and why, a sentence each.
    """

    environ: dict[str, str] = field(repr=False)
    left_out: tuple[str, ...]


def fill(
    environ: Mapping[str, str],
    secrets: Mapping[str, str],
    is_binary: Callable[[str], bool],
    is_declared: Callable[[str], bool],
    is_missing: Callable[[str], bool],
    *,
    path_names: str = "alias",
) -> Filled:
    """Put secrets into an environment.

    Args:
        environ: the environment.
        secrets: the secrets, by alias; binary ones in base64.
        is_binary: says by its alias whether a secret is binary; asked only where it may be.
        is_declared: says whether an alias was declared itself, rather than found below a path;
            asked only where it matters.
        is_missing: says of an alias that is not among the secrets whether it is declared, and does
            not exist upstream; asked only of what is optional.
        path_names: `env` where the variables of a path's parameters get upper-case names, else
            `alias`.

    Raises:
        UnusableEnvironment: a secret is not there, or no variable can hold it.
    """
    references = {name: text for name, text in environ.items() if text.startswith(MARK)}
    filled = dict(environ)
    for name in references.keys() - secrets.keys():
        _check_no_value(name, references[name], is_missing)
        del filled[name]
    others = [alias for alias in secrets if alias not in references]
    variables, left_out = _variables(others, is_declared, as_env=path_names == "env")
    variables = {alias: name for alias, name in variables.items() if name not in environ}
    for alias, name in {**variables, **{name: name for name in references}}.items():
        if alias in secrets:
            _check_value(alias, secrets[alias], is_binary)
            filled[name] = secrets[alias]
    return Filled(filled, left_out)


def about_size(environ: Mapping[str, str]) -> str:
    """What makes an environment too large for the system, and what to do about it."""
    sizes = {name: len(_bytes(name)) + len(_bytes(value)) + 2 for name, value in environ.items()}
    first, *others = sorted(sizes, key=lambda name: -sizes[name])[:3]
    largest = ", ".join(f"{name} ({sizes[name]})" for name in (first, *others))
    return (
        f"The environment has {sum(sizes.values())} bytes, most of them in {largest}; one variable "
        f"may have 131072, all together `getconf ARG_MAX`. If {first} is a secret, "
        f"{REMEDY.format(first)}"
    )


def _variables(
    aliases: Sequence[str], is_declared: Callable[[str], bool], *, as_env: bool
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The variable of each alias that has one, and what to say of a path's that have none."""
    variables: dict[str, str] = {}
    steering, invalid = [], []
    for alias in aliases:
        unusual = as_env or steers(alias) or not variable_name.is_valid(alias)
        of_path = unusual and not is_declared(alias)
        name = variable_name.of_parameter(alias) if of_path and as_env else alias
        if of_path and steers(name):
            steering.append(alias)
        elif variable_name.is_valid(name):
            variables[alias] = name
        elif of_path:
            invalid.append(alias)
    _check_apart(variables)
    return variables, tuple(_left_out(steering, invalid))


def _check_apart(variables: Mapping[str, str]) -> None:
    """Check that no two aliases have the same variable."""
    aliases: dict[str, str] = {}
    for alias, name in variables.items():
        if (other := aliases.setdefault(name, alias)) != alias:
            raise UnusableEnvironment(
                f"{other} and {alias} would both be the variable {name}; rename one of them, or "
                "remove WARMKEY_PATH_NAMES"
            )


def _left_out(steering: Sequence[str], invalid: Sequence[str]) -> Iterator[str]:
    """What is said of parameters below a path that become no variables."""
    if steering:
        yield (
            f"not set from a path: {_some(steering)}. Variables of such names make programs run or "
            f"trust something. If that is meant, declare it by name: {steering[0]}=warmkey:…"
        )
    if invalid:
        yield (
            f"not set, as no variable can have such a name: {_some(invalid)}. Read them from the "
            "endpoint; WARMKEY_PATH_NAMES=env turns db/password-hash into DB_PASSWORD_HASH"
        )


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _check_no_value(name: str, text: str, is_missing: Callable[[str], bool]) -> None:
    """Check that a variable may go: it is optional, or a path's, which has no value itself."""
    try:
        found = reference.parse(text[len(MARK) :], "any")
    except reference.MalformedReference as error:
        raise UnusableEnvironment(f"{name}: {error}") from None
    if found.source.is_path or (found.optional and is_missing(name)):
        return
    raise UnusableEnvironment(
        f"{name} is {text!r}, which the extension does not know: it was set after the "
        "extension had started. Set it where the extension (or `warmkey serve`) is started"
    )


def _check_value(alias: str, value: str, is_binary: Callable[[str], bool]) -> None:
    if "\0" in value:
        raise UnusableEnvironment(
            f"{alias} contains a NUL byte, which no variable can hold; {REMEDY.format(alias)}"
        )
    if value and len(value) % 4 == 0 and _BASE64.issuperset(value) and is_binary(alias):
        raise UnusableEnvironment(
            f"{alias} is binary, which no variable can hold; {REMEDY.format(alias)}"
        )
