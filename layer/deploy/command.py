"""The command line: `warmkey`, and the commands below it."""

from typing import Any

import click
from botocore.exceptions import BotoCoreError, ClientError

from ..extension import VERSION
from . import failure


class _Commands(click.Group):
    """A group whose commands say what to do when AWS says no."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ClientError, BotoCoreError) as error:
            raise failure.of_aws(error) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="warmkey")
def warmkey() -> None:
    """Secrets that are warm before the handler is."""
