"""The command line: `warmkey`, and the commands below it."""

from importlib import import_module
from typing import Any

import click

from ...extension import VERSION
from ..output import failure

_COMMANDS = {
    "publish": "publish",
    "unpublish": "unpublish",
    "attach": "functions.attach",
    "detach": "functions.detach",
    "apply": "functions.apply",
    "upgrade": "functions.upgrade",
    "status": "functions.status",
    "put": "secrets.put",
    "get": "secrets.get",
    "copy": "secrets.copy",
    "history": "secrets.history",
    "delete": "secrets.delete",
    "import": "secrets.import_",
    "list": "secrets.list",
    "policy": "secrets.policy",
    "doctor": "functions.doctor",
    "bench": "functions.bench",
    "exec": "secrets.exec",
    "serve": "secrets.serve",
}
"""The module of each, whose `command` it is; in the order of the help."""


class _Commands(click.Group):
    """A group that imports a command when it is needed, and says what to do when AWS says no."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f".{_COMMANDS[cmd_name]}", __package__).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        for number, argument in enumerate(args, 1):
            if any("\ud800" <= character <= "\udfff" for character in argument):
                raise click.UsageError(
                    f"argument {number} is not UTF-8 text; it is not shown, as it may be a secret"
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except failure.OF_AWS as error:
            raise failure.of_aws(error) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="warmkey")
def warmkey() -> None:
    """Secrets that are warm before the handler is."""
