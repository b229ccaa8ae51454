"""Options by which commands are told what is declared."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ..output.failure import Failure
from ..secrets.project import Project
from . import options

DEFAULT_CONFIG = Path("warmkey.json")

Command = Callable[..., Any]


def project(command: Command) -> Command:
    """`--config`, `--secret` and `--stages`; the command gets a `Project` as `project`."""

    @click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"The project's declarations; {DEFAULT_CONFIG} where there is one.",
    )
    @options.secrets("A secret that a variable declares, e.g. STRIPE_SECRET_KEY=/stripe/{stage}.")
    @options.stage_map
    @wraps(command)
    def with_project(
        *args: Any, config: Path | None, secrets: dict[str, str], stage_map: str, **kwargs: Any
    ) -> Any:
        variables = {**secrets, "WARMKEY_STAGES": stage_map} if stage_map else secrets
        found = Project(variables, read_config(config), str(config or DEFAULT_CONFIG))
        return command(*args, project=found, **kwargs)

    return with_project


def stages(command: Command) -> Command:
    """`--stage`, any number of times; the command gets them as its argument `stages`."""
    return click.option(
        "--stage",
        "stages",
        multiple=True,
        help="Only what this stage reads; may be given again. All stages unless given.",
    )(command)


def read_config(config: Path | None) -> str | None:
    """The text of a project's declarations.

    Args:
        config: Their path; None for the default one, which may be missing.

    Raises:
        Failure: The file can't be read.
    """
    path = config or DEFAULT_CONFIG
    try:
        return path.read_text("utf-8-sig")  # Windows editors put a byte order mark first
    except FileNotFoundError:
        if config is None:
            return None
        raise Failure(f"there is no file {path}", "name the project's with --config") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} can't be read: {error}", "it must be UTF-8 text") from None
