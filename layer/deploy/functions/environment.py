"""A function's variables: which of them may be shown, how many fit, and the exec wrapper's slot.

Lambda's own error for too many variables repeats all their values, so the limit is checked here.
"""

import json
import re
from collections.abc import Mapping

from ...extension.declared import settings
from ...extension.declared.declarations import MARK
from ...extension.declared.environment.variables import AWS_PREFIX, SettingError
from ..output.failure import Failure, InvalidInput

Variables = Mapping[str, str]

LIMIT = 4096
"""Bytes of all variables together, as the JSON object that Lambda measures.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

RECORD = "ATTACHED_BY_WARMKEY"
"""Where `attach` notes what it changed; no setting of the layer, hence no `WARMKEY_…`."""

RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Variables that Lambda sets itself, and refuses to have set.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

WRAPPER, NEXT_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER", "WARMKEY_NEXT_WRAPPER"
WARMKEY_EXEC = "/opt/warmkey-exec"

_HARMLESS = frozenset({RECORD, WRAPPER, NEXT_WRAPPER, "WARMKEY_STAGE", "WARMKEY_STAGES"})
_HIDDEN = "(a value, not shown)"

WITHOUT_WRAPPER = re.compile(r"^(provided|go1\.x|java8$)")
"""Runtimes that run no wrapper: OS-only ones start `bootstrap` themselves, Go's and the first Java
8's did so, too.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
"""What Lambda takes as a variable's name.

https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
"""


def is_public(name: str, value: str) -> bool:
    """Whether a variable may be shown and kept: it surely holds no secret."""
    return name in _HARMLESS or value.startswith(MARK) or not value


def show(name: str, value: str) -> str:
    """A variable's value, or that there is one."""
    return value if is_public(name, value) else _HIDDEN


def check_name(alias: str) -> None:
    """Make sure that a function's variable can be called so.

    Raises:
        InvalidInput: Lambda would refuse it.
    """
    if alias in RESERVED:
        raise InvalidInput(
            f"{alias} is one of the variables that Lambda sets itself, and refuses to have set",
            "choose another alias",
        )
    if not VARIABLE.fullmatch(alias):
        raise InvalidInput(
            f"{alias!r} is not a valid name of a function's variable",
            "use letters, digits and _, at least two characters, the first a letter; declare "
            "other aliases in warmkey.json",
        )


def check_size(variables: Variables) -> None:
    """Make sure that they fit.

    Raises:
        Failure: They don't.
    """
    text = json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False)
    if (size := len(text.encode())) > LIMIT:
        raise Failure(
            f"its variables would take {size} bytes, and Lambda allows {LIMIT}",
            "declare the secrets in warmkey.json in its package instead, or as one path "
            "(NAME=ssm:/app/*)",
        )


def add(variables: Variables, wanted: Variables, *, overwrite: bool) -> dict[str, str]:
    """The variables with more of them.

    Raises:
        Failure: One is there with another value, and `overwrite` is not wanted.
    """
    taken = [name for name in wanted if variables.get(name, "") not in ("", wanted[name])]
    if taken and not overwrite:
        held = ", ".join(f"{name}={show(name, variables[name])}" for name in taken)
        raise Failure(
            f"these variables have other values already: {held}",
            "pass --overwrite; a value that is not shown is not kept, so save it first "
            "(warmkey put)",
        )
    return {**variables, **wanted}


def wrap(variables: Variables, runtime: str) -> dict[str, str]:
    """The variables with the exec wrapper; one that is there already is run after it.

    Raises:
        Failure: The runtime runs no wrapper, or both places for one are taken.
    """
    if not runs_wrappers(runtime):
        raise Failure(
            f"its runtime {runtime} does not support exec wrappers",
            "attach without --exec and read the endpoint, or have its bootstrap start the program "
            f"with `{WARMKEY_EXEC} PROGRAM`",
        )
    there, after = variables.get(WRAPPER, ""), variables.get(NEXT_WRAPPER, "")
    if there in ("", WARMKEY_EXEC):
        return {**variables, WRAPPER: WARMKEY_EXEC}
    if after not in ("", there):
        raise Failure(
            f"{WRAPPER} is {there} and {NEXT_WRAPPER} is {after}: only one of them can be next",
            f"have one run the other, and remove {NEXT_WRAPPER}",
        )
    return {**variables, WRAPPER: WARMKEY_EXEC, NEXT_WRAPPER: there}


def runs_wrappers(runtime: str) -> bool:
    """Whether a runtime is started through the wrapper that a variable names."""
    return not WITHOUT_WRAPPER.match(runtime)


def unwrap(variables: Variables) -> dict[str, str]:
    """The variables without the exec wrapper; the one it ran takes its place again.

    Raises:
        Failure: It ran several, and Lambda runs one.
    """
    if variables.get(WRAPPER) != WARMKEY_EXEC:
        return dict(variables)
    if ":" in variables.get(NEXT_WRAPPER, ""):
        raise Failure(
            f"{NEXT_WRAPPER} is {variables[NEXT_WRAPPER]}, and without Warmkey Lambda runs one",
            f"set {WRAPPER} to a wrapper that runs the others, and remove {NEXT_WRAPPER}",
        )
    rest = {k: v for k, v in variables.items() if k not in (WRAPPER, NEXT_WRAPPER)}
    return {**rest, WRAPPER: variables[NEXT_WRAPPER]} if variables.get(NEXT_WRAPPER) else rest


def port(variables: Variables) -> int | None:
    """The port that Warmkey will listen on; None where it would refuse what it is given."""
    try:
        return settings.port(variables)
    except SettingError:
        return None


def ports_clash(variables: Variables) -> bool:
    """Whether Warmkey and AWS's own extension would listen on the same port."""
    theirs = {name: value for name, value in variables.items() if name.startswith(AWS_PREFIX)}
    return port(variables) == port(theirs)
