"""`warmkey serve`: the endpoint on this machine, beside a program."""

import os
import sys

import click

from ....extension.declared import credentials, settings
from ....extension.run import sidecar
from ....extension.run.start import start
from ...account import Account
from ...session_credentials import SessionCredentials
from .. import completion
from ..declared_options import DEFAULT_CONFIG


def _named(_context: click.Context, _parameter: click.Parameter, path: str | None) -> str:
    if path == "":
        raise click.BadParameter("--local names no file")
    return path or ""


def _source(environ: dict[str, str], profile: str | None) -> SessionCredentials | None:
    """The credentials of a profile, and its region; None where the environment has credentials.

    Args:
        environ: The environment; gets the profile's region where it has none.
        profile: The profile that was named.
    """
    found = credentials.located(environ)
    if not profile and not isinstance(found, credentials.InstanceMetadata | credentials.Nowhere):
        return None
    session = Account(profile).session
    if session.region_name and not environ.get("AWS_REGION"):
        environ["AWS_REGION"] = session.region_name
    return SessionCredentials(session)


@click.command(name="serve")
@click.option(
    "--local",
    metavar="FILE",
    callback=_named,
    help="Take the values from a file with NAME=value lines, such as .env, and call no AWS.",
)
@click.option(
    "--profile",
    shell_complete=completion.profiles,
    help="AWS profile: of SSO, a process or keys; AWS_PROFILE unless given.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be served, and serve nothing.")
def command(*, local: str, profile: str | None, dry_run: bool) -> None:
    """Serve the declared secrets on localhost.

    Reads the same variables and the same warmkey.json as in Lambda: the one in this folder, or
    where WARMKEY_CONFIG says. The values come from AWS, an emulator (AWS_ENDPOINT_URL) or a file.
    Readers must send WARMKEY_TOKEN, any string that both sides know. The log is one JSON object a
    line; Ctrl-C ends it.
    """
    environ = dict(os.environ)
    if DEFAULT_CONFIG.exists():
        environ.setdefault("WARMKEY_CONFIG", str(DEFAULT_CONFIG))
    source = None if local else _source(environ, profile)
    if not dry_run:
        sys.exit(sidecar.run(environ, local, source))
    try:
        declarations = start.declarations(environ, local)
        port = settings.port(environ)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    names = ", ".join(name for name, _ in declarations.by_name()) or "nothing is declared"
    click.echo(f"Would serve on http://127.0.0.1:{port}: {names}")
