"""Options that say what is declared: by a project, or by a function's variables."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ...extension.declared import reference
from ...extension.declared.declarations import MARK
from ...extension.declared.reference import MalformedReference
from ...extension.sources.services import SERVICES
from .. import named_file
from ..functions import environment
from ..output.failure import Failure, InvalidInput
from ..secrets.project import Project, parse_stages
from . import completion
from .options import Command, pairs

DEFAULT_CONFIG = Path("warmkey.json")

_FORMS = (MARK, "/", "arn:", *(f"{name}:" for name in SERVICES))  # no reference begins otherwise


def _stage_map_text(_: click.Context, __: click.Parameter, text: str) -> str:
    """Make sure that a map of stages is one.

    Raises:
        InvalidInput: It is malformed.
    """
    try:
        parse_stages(text)
    except Failure as failure:
        raise InvalidInput(failure.message) from None
    return text


stages = click.option(
    "--stage",
    "stages",
    multiple=True,
    shell_complete=completion.stages,
    help="Only what this stage reads; may be given again. All stages unless given.",
)
_stage_map = click.option(
    "--stages",
    "stage_map",
    default="",
    callback=_stage_map_text,
    metavar="STAGE=TARGET,…",
    help="What {stage} becomes, as in WARMKEY_STAGES, e.g. prod=live,*=test.",
)


def project(command: Command) -> Command:
    """`--config`, `--secret` and `--stages`; the command gets a `Project` as `project`."""

    @click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"The project's declarations; {DEFAULT_CONFIG} where there is one.",
    )
    @_secrets("A secret that a variable declares, e.g. STRIPE_SECRET_KEY=/stripe/{stage}.")
    @_stage_map
    @wraps(command)
    def with_project(
        *args: Any, config: Path | None, secrets: dict[str, str], stage_map: str, **kwargs: Any
    ) -> Any:
        variables = {**secrets, "WARMKEY_STAGES": stage_map} if stage_map else secrets
        found = Project(variables, _read_config(config), str(config or DEFAULT_CONFIG))
        return command(*args, project=found, **kwargs)

    return with_project


def variables(command: Command) -> Command:
    """`--secret`, `--stage` and `--stages`; the command gets a function's `variables`."""

    @_secrets("A secret, and the variable that declares it, e.g. STRIPE_KEY=/stripe/{stage}.")
    @click.option(
        "--stage",
        shell_complete=completion.stages,
        help="The functions' stage, as WARMKEY_STAGE.",
    )
    @_stage_map
    @wraps(command)
    def with_variables(
        *args: Any, secrets: dict[str, str], stage: str | None, stage_map: str, **kwargs: Any
    ) -> Any:
        for alias in secrets:
            environment.check_name(alias)
        found = dict(secrets)
        if stage_map:
            found["WARMKEY_STAGES"] = stage_map
        if stage is not None:
            found["WARMKEY_STAGE"] = stage
        return command(*args, variables=found, **kwargs)

    return with_variables


def _secrets(meaning: str) -> Callable[[Command], Command]:
    """`--secret`, any number of times; the command gets the variables that declare them.

    Args:
        meaning: What the help says of it.
    """
    return click.option(
        "--secret",
        "secrets",
        multiple=True,
        metavar="ALIAS=REFERENCE",
        callback=_references,
        help=meaning,
    )


def _references(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> dict[str, str]:
    """Read options of the form `ALIAS=REFERENCE`, as the variables that declare them.

    Raises:
        click.BadParameter: One is not of this form.
        InvalidInput: What is given for an alias is no reference.
    """
    found = pairs(context, parameter, texts)
    for alias, text in found.items():
        if not text.startswith(_FORMS):
            raise InvalidInput(
                f"the value of --secret for {alias} is not a reference; it is not shown, as it may "
                "be the secret itself",
                f"store that with `warmkey put`, and give a reference: {reference.forms()}",
            )
        try:
            source = reference.parse(text.removeprefix(MARK), "stage").source
        except MalformedReference as error:
            raise InvalidInput(f"--secret {alias}: {error}") from None
        if "//" in source.name:
            raise InvalidInput(f"--secret {alias}: {text} has an empty level", "write one /")
    return {alias: MARK + text.removeprefix(MARK) for alias, text in found.items()}


def _read_config(config: Path | None) -> str | None:
    """The text of a project's declarations.

    Args:
        config: Their path; None for the default one, which may be missing.

    Raises:
        InvalidInput: The file can't be read.
    """
    if config is None and not DEFAULT_CONFIG.exists():
        return None
    return named_file.read_text(config or DEFAULT_CONFIG)
