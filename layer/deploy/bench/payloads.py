"""What a function is called with: JSON, which may hold anything and is not shown."""

import json
import sys
from pathlib import Path

from ..failure import Failure

_NOTHING = b"{}"


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
            "the payload is no JSON, and Lambda takes nothing else",
            "a text is one with quotation marks around it: --payload '\"text\"'",
        ) from None
    return found
