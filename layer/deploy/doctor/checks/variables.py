"""Whether the extension will take the function's variables, and whether they do what they say."""

from collections.abc import Iterator, Mapping

from ....extension.declared import settings
from ....extension.declared.declarations import MARK
from ....extension.declared.environment.variables import SettingError
from ....extension.declared.settings import Settings
from ...functions import environment
from ...functions.configuration import Configuration
from ..finding import Finding

_CHECK = "settings"
_INIT = 10  # seconds that Lambda gives a function to start
# How the variables begin that other extensions read. They are started by Lambda and not by the exec
# wrapper, so that they get what stands there.
_EXTENSIONS = (
    "CORALOGIX_",
    "CX_",
    "DD_",
    "DT_",
    "HONEYCOMB_",
    "LIBHONEY_",
    "LOGZIO_",
    "LUMIGO_",
    "NEW_RELIC_",
    "OPENTELEMETRY_",
    "OTEL_",
    "SPLUNK_",
)


def parse(variables: Mapping[str, str], region: str) -> Settings | SettingError:
    """The settings as the extension reads them, or why it would not start.

    Args:
        variables: The function's.
        region: Where it is, which Lambda tells it.
    """
    try:
        return settings.parse({**variables, "AWS_REGION": region})
    except SettingError as error:
        return error


def check(
    function: Configuration, found: Settings | SettingError, timeout: int | None
) -> Iterator[Finding]:
    """Look at the function's variables.

    Args:
        function: The function.
        found: Its settings.
        timeout: Its own timeout in seconds; None where that is not known.
    """
    if isinstance(found, SettingError):
        yield Finding(
            "error",
            _CHECK,
            str(found),
            "every start of the function fails",
            "correct the variable, or remove it",
        )
    else:
        for warning in found.warnings:
            yield _warning(
                warning, "it has no effect", "correct the variable's name or value, or remove it"
            )
        yield from _holds(found.prefetch_timeout, timeout)
    yield from _references(function.variables)
    yield from _wrapper(function)


def _holds(hold: float, timeout: int | None) -> Iterator[Finding]:
    """Whether Lambda waits as long as prefetch may hold a start."""
    lower = "lower WARMKEY_PREFETCH_TIMEOUT_MILLIS"
    if hold >= _INIT:
        yield _warning(
            f"prefetch may hold a start for {hold:g} s, and Lambda ends one after {_INIT} s",
            "where AWS does not answer, Lambda starts it a second time, in the invocation",
            lower,
        )
    if timeout is not None and timeout < hold:
        yield _warning(
            f"the function's timeout is {timeout} s, and prefetch may hold a start for {hold:g} s",
            "where AWS does not answer and the start is repeated in an invocation, that times out "
            "before the handler has begun",
            f"raise the timeout (aws lambda update-function-configuration --timeout), or {lower}",
        )


def _references(variables: Mapping[str, str]) -> Iterator[Finding]:
    """Whether each reference is read by somebody."""
    for name, value in sorted(variables.items()):
        if value.startswith(MARK) and name.startswith(_EXTENSIONS):
            yield _warning(
                f"{name} holds a reference, and is another extension's variable",
                "that reads it as it stands: the exec wrapper starts the runtime, no extension",
                "have that extension read the secret in its own way, e.g. by an ARN",
            )


def _wrapper(function: Configuration) -> Iterator[Finding]:
    """Whether the exec wrapper is run."""
    variables, runtime = function.variables, function.runtime
    wrapped = variables.get(environment.WRAPPER) == environment.WARMKEY_EXEC
    if wrapped and not environment.runs_wrappers(runtime):
        yield Finding(
            "error",
            _CHECK,
            f"{environment.WRAPPER} is set, and the runtime {runtime} runs no wrapper",
            "the variables hold references and no values",
            f"have its bootstrap start the program with `{environment.WARMKEY_EXEC} PROGRAM`, or "
            "read the endpoint",
        )
    if variables.get(environment.NEXT_WRAPPER) and not wrapped:
        yield _warning(
            f"{environment.NEXT_WRAPPER} is set, and {environment.WRAPPER} is not "
            f"{environment.WARMKEY_EXEC}",
            "it has no effect: only Warmkey's wrapper runs it",
            f"warmkey attach {function.name} --exec, or remove it",
        )


def _warning(problem: str, cost: str, remedy: str) -> Finding:
    return Finding("warning", _CHECK, problem, cost, remedy)
