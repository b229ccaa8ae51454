"""`warmkey get`: one secret's value, for a script, a file or, if asked, the terminal."""

import sys
from pathlib import Path

import click

from ...account import Account
from ...output import console
from ...output.failure import Failure, InvalidInput
from ...secrets.stores import targets
from .. import options


@click.command("get")
@options.name
@click.option(
    "--version", "version", default="", help="A version, label or stage; the current unless given."
)
@click.option("--show", is_flag=True, help="Print it, though standard output is a terminal.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to a new file that only its owner may read.",
)
@options.account
@options.dry_run
def command(
    name: str,
    version: str,
    show: bool,
    file: Path | None,
    account: Account,
    dry_run: bool,  # noqa: ARG001
) -> None:
    """Print the value of the secret NAME, as it is, without a line break after it.

    On a terminal only with --show, which then adds one. It changes nothing in AWS, with or without
    --dry-run.
    """
    is_terminal = sys.stdout.isatty()
    if is_terminal and not (show or file):
        raise InvalidInput(
            "the value would stand on the terminal, and in what it keeps of it",
            "pass --show if that is meant, --file PATH, or send standard output elsewhere",
        )
    target = targets.of(account.session, name)
    found = target.read(version)
    console.remarks().print(f"{target.name}, version {found.version}, in {account.describe()}")
    data = found.value if isinstance(found.value, bytes) else found.value.encode()
    if file:
        _write(file, data)
        return
    sys.stdout.buffer.write(data)
    if is_terminal:
        sys.stdout.buffer.write(b"\n")
    sys.stdout.flush()


def _write(path: Path, data: bytes) -> None:
    """Write what is secret into a file that was not there.

    Raises:
        Failure: It can't be written, or is there already.
    """
    try:
        path.touch(0o600, exist_ok=False)
        path.write_bytes(data)
    except OSError as error:
        raise Failure(f"{path} can't be written: {error.strerror}", "name another one") from None
