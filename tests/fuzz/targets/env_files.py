"""`env_file.parse`: what it reads can be written down again, and no error tells a value."""

from extension.declared.declarations import DeclarationError
from extension.declared.files.env_file import parse
from extension.http import json_text
from tests.fuzz.target import CANARY, Target, assert_untold


def attempt(data: bytes) -> None:
    """Parse a `.env` file, as `warmkey serve --local` reads it."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    try:
        values = parse(text, ".env")
    except DeclarationError as error:
        assert_untold(str(error))
        return
    for name, value in values.items():
        assert name == name.strip()
        assert name
        value.encode()
        assert parse(f"export {name}={json_text.encode(value)}", "again") == {name: value}


TARGET = Target(
    "env-files",
    attempt,
    [
        *("export ", "NAME=", "='", "='''", '="', '\\"', "\\n", "\\u00e9", "\\ud800", " # ", "\n"),
        *("#", "=", "'", '"', f"K='{CANARY}", f'K="{CANARY}\n', "\t"),
    ],
)
