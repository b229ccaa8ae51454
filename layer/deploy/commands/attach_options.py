"""Options of commands that attach the layer, for good or for a while."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click

from ...extension.declared import reference
from ...extension.declared.declarations import MARK
from ...extension.declared.reference import MalformedReference
from ..functions import attachment
from ..output.failure import Failure
from . import options

Command = Callable[..., Any]

# https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")


def declared(command: Command) -> Command:
    """`--secret`, `--stage` and `--stages`; the command gets the variables as `variables`."""

    @options.secrets(
        "A secret, and the variable that declares it, e.g. STRIPE_KEY=/stripe/{stage}."
    )
    @click.option("--stage", help="The functions' stage, as WARMKEY_STAGE.")
    @options.stage_map
    @wraps(command)
    def with_variables(
        *args: Any, secrets: Mapping[str, str], stage: str | None, stage_map: str, **kwargs: Any
    ) -> Any:
        for alias, text in secrets.items():
            _check(alias, text)
        variables = dict(secrets)
        if stage_map:
            attachment.check_stages(stage_map)
            variables["WARMKEY_STAGES"] = stage_map
        if stage is not None:
            variables["WARMKEY_STAGE"] = stage
        return command(*args, variables=variables, **kwargs)

    return with_variables


def exec_wrapper(command: Command) -> Command:
    """`--exec`; the command gets it as its argument `exec_wrapper`."""
    return click.option(
        "--exec",
        "exec_wrapper",
        is_flag=True,
        help="Put the values into the variables (exec wrapper).",
    )(command)


def layers(command: Command) -> Command:
    """`--layer`, any number of times; the command gets them as its argument `layers`."""
    return click.option(
        "--layer",
        "layers",
        multiple=True,
        metavar="ARN",
        help="A layer version; the newest published one unless given.",
    )(command)


def _check(alias: str, text: str) -> None:
    """Make sure that a function can declare a secret so.

    Raises:
        Failure: The alias can't be a variable, or the reference is malformed.
    """
    if not _VARIABLE.fullmatch(alias):
        raise Failure(
            f"{alias!r} is not a valid name of a function's variable",
            "use letters, digits and _, at least two characters, the first a letter; declare "
            "other aliases in warmkey.json",
        )
    try:
        reference.parse(text.removeprefix(MARK), "stage")
    except MalformedReference as error:
        raise Failure(f"--secret {alias}: {error}") from None
