"""What a function is called with: JSON, which may hold anything and is not shown."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ...output.failure import Failure

Command = Callable[..., Any]

_NOTHING = b"{}"
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


def option(command: Command) -> Command:
    """`--payload` and `--payload-file`; the command gets its bytes as its argument `payload`."""

    @click.option("--payload", help="The event for the function, as JSON; {} unless given.")
    @click.option("--payload-file", type=_FILE, help="The same from a file; - for standard input.")
    @wraps(command)
    def with_payload(
        *args: Any, payload: str | None, payload_file: Path | None, **kwargs: Any
    ) -> Any:
        return command(*args, payload=read(payload, payload_file), **kwargs)

    return with_payload


def read(text: str | None, file: Path | None) -> bytes:
    """The payload.

    Args:
        text: It; or
        file: where it is; `-` is standard input. An empty object where neither is given.

    Raises:
        Failure: Both are given, or what is given is no JSON.
    """
    if text is not None and file is not None:
        raise Failure("--payload and --payload-file exclude each other", "choose one of them")
    if file is not None:
        found = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    else:
        found = _NOTHING if text is None else text.encode()
    try:
        json.loads(found)
    except ValueError:
        raise Failure(
            "the payload is not JSON, and Lambda accepts nothing else",
            "a string needs quotation marks around it: --payload '\"text\"'",
        ) from None
    return found
