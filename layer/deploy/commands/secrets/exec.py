"""`warmkey exec`: start a program on this machine with the declared secrets in its environment."""

import os
from pathlib import Path

import click

from ....extension.declared import settings
from ....extension.declared.environment.variables import SettingError
from ....extension.run.exec_wrapper.environment import UnusableEnvironment, fill
from ....extension.run.start import start
from ...account import Account
from ...local_endpoint import serve
from ...output import console
from ...output.failure import Failure
from .. import declared_options, options
from ..declared_options import DEFAULT_CONFIG

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126  # exit codes, as a shell's


@click.command("exec", context_settings={"ignore_unknown_options": True})
@click.argument("program", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--config",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help=f"The project's declarations; {DEFAULT_CONFIG} where there is one.",
)
@declared_options.variables
@options.account
@click.option(
    "--dry-run", is_flag=True, help="Name the variables that it would get; start nothing."
)
def command(
    program: tuple[str, ...],
    config: Path | None,
    variables: dict[str, str],
    account: Account,
    dry_run: bool,
) -> None:
    """Start PROGRAM with the declared secrets as environment variables: warmkey exec -- PROGRAM.

    What warmkey.json, variables with references and --secret declare is read with your credentials
    by the rules of the exec wrapper, and the program takes this command's place.
    """
    environ = {**os.environ, **variables}
    named = {"WARMKEY_CONFIG": str(config or DEFAULT_CONFIG)}
    declaring = {**environ, **(named if config or DEFAULT_CONFIG.exists() else {})}
    try:
        declared = start.declarations(declaring).references
        path_names = settings.path_names(environ)
        with serve(account, declaring) as endpoint:
            filled = fill(
                environ,
                endpoint.all(),
                endpoint.is_binary,
                declared.__contains__,
                declared.__contains__,
                path_names=path_names,
            )
    except (SettingError, UnusableEnvironment, ValueError) as error:
        raise Failure(str(error)) from None
    for sentence in filled.left_out:
        console.remarks().print(sentence)
    if dry_run:
        changed = sorted(n for n, v in filled.environ.items() if os.environ.get(n) != v)
        console.results().print("\n".join(changed))
        return
    _become(program, filled.environ)


def _become(program: tuple[str, ...], environ: dict[str, str]) -> None:
    """Execute a program in place of this command.

    Raises:
        click.exceptions.Exit: It can't be executed; the code is a shell's.
    """
    try:
        os.execvpe(program[0], program, environ)  # noqa: S606 (the operator's own program)
    except OSError as error:
        console.remarks().print(f"{program[0]} can't be run: {error.strerror}", style="red")
        is_missing = isinstance(error, FileNotFoundError)
        raise click.exceptions.Exit(_NOT_FOUND if is_missing else _NOT_EXECUTABLE) from None
