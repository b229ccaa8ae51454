"""The operator's command, from its own tree of commands."""

from inspect import cleandoc

import click

from docs.generate.table import table
from warmkey.deploy.commands.group import warmkey


def commands() -> dict[str, click.Command]:
    """Every command, by its name, in the order of the help."""
    context = _above()
    found = {}
    for name in warmkey.list_commands(context):
        command = warmkey.get_command(context, name)
        assert command is not None  # noqa: S101 - it is in the list
        found[name] = command
    return found


def _above() -> click.Context:
    """The group's, with its settings: a command keeps the help option it is first asked for."""
    return warmkey.make_context("warmkey", [], resilient_parsing=True)


def as_markdown() -> str:
    """A section for each command: its usage, its text and its options."""
    return "\n\n".join(_section(name, command) for name, command in commands().items())


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, parent=_above())
    usage = " ".join(("warmkey", name, *command.collect_usage_pieces(context)))
    records = (each.get_help_record(context) for each in command.get_params(context))
    rows = ((f"`{names}`", text) for names, text in filter(None, records))
    return "\n\n".join(
        (
            f"## `warmkey {name}`",
            f"```text\n{usage}\n```",
            cleandoc(command.help or ""),
            table(("option", ""), rows),
        )
    )
