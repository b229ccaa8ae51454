"""Values as large, as many and as odd as there are."""

import base64
import itertools
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KeyWorld
from tests.chaos.world import SHORT_PREFETCH
from tests.patience import PATIENCE, PATIENT

_PARAMETER, _SECRET = 8 << 10, 64 << 10  # bytes; the most that AWS takes
_MANY = 10_000
_BYTES = bytes(range(256)) * (_SECRET // 256)


def _every_kind_of_character() -> str:
    """The first and the last of each category of Unicode, and all controls; no half pairs."""
    every = (chr(point) for point in range(sys.maxunicode + 1))
    by_category: dict[str, list[str]] = {}
    for character in every:
        by_category.setdefault(unicodedata.category(character), []).append(character)
    by_category.pop("Cs")
    ends = itertools.chain.from_iterable((each[0], each[-1]) for each in by_category.values())
    return "".join([*map(chr, range(160)), *ends, "\ufeff\u2028\u2029\ufffe\uffff\U0010ffff"])


def _text(value: str) -> Callable[[Path], str]:
    """Read a text in every form that there is."""

    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            here.aws.secrets.put("text", value)
            here.aws.parameters.put("/text", value[:_PARAMETER])
            declared = {"TEXT": "warmkey:secretsmanager:text", "SHORT": "warmkey:/text"}
            daemon = here.start(layer, declared).ready().daemon
            for alias, expected in (("TEXT", value), ("SHORT", value[:_PARAMETER])):
                assert daemon.get(f"/v1/secrets/{alias}").content.decode() == expected
                assert daemon.get(f"/v1/secrets/{alias}?format=json").json()["value"] == expected
                assert daemon.get("/v1/secrets").json()[alias] == expected
            secret = daemon.get("/secretsmanager/get?secretId=text").json()
            assert secret["SecretString"] == value
            name = quote("/text", safe="")
            parameter = daemon.get(
                f"/systemsmanager/parameters/get?name={name}&withDecryption=true"
            )
            assert parameter.json()["Parameter"]["Value"] == value[:_PARAMETER]
        return "the value in every format"

    return attempt


def _for_a_shell(layer: Path) -> str:
    """A shell can hold any character but NUL."""
    value = _every_kind_of_character().replace("\0", "")
    with KeyWorld() as here:
        here.aws.secrets.put("text", value)
        daemon = here.start(layer, {"TEXT": "warmkey:secretsmanager:text"}).ready().daemon
        for form in ("shell", "dotenv"):
            script = daemon.get(f"/v1/secrets?format={form}").content + b'\nprintf %s "$TEXT"\n'
            shell = subprocess.run(
                ["/bin/sh"], input=script, stdout=subprocess.PIPE, check=True, env={}
            )
            assert shell.stdout.decode() == value
    return "the value, in the shell"


def _binary(layer: Path) -> str:
    with KeyWorld() as here:
        here.aws.secrets.put("binary", _BYTES)
        daemon = here.start(layer, {"BINARY": "warmkey:secretsmanager:binary"}).ready().daemon
        encoded = base64.b64encode(_BYTES).decode()
        assert daemon.get("/v1/secrets/BINARY").content == _BYTES
        said = daemon.get("/v1/secrets/BINARY?format=json").json()
        assert said["valueBase64"] == encoded
        assert daemon.get("/v1/secrets").json()["BINARY"] == encoded
        secret = daemon.get("/secretsmanager/get?secretId=binary").json()
        assert secret["SecretBinary"] == encoded
    return "the value in every format"


def _many_below_a_path(layer: Path) -> str:
    with KeyWorld() as here:
        values = {f"{number:05}": f"v{number}" for number in range(_MANY)}
        for name, value in values.items():
            here.aws.parameters.put(f"/many/{name}", value)
        declared = {"MANY": "warmkey:/many/*"}
        daemon = here.start(layer, {**declared, **PATIENT, **SHORT_PREFETCH}).ready().daemon
        assert daemon.get("/ping").text == "healthy"
        here.aws.wait_for_calls(_MANY // 10 + 1, timeout=3 * PATIENCE)  # with that for KEY
        assert daemon.read("09999") == values["09999"]
        everything = daemon.get("/v1/secrets").json()
        assert {name: everything[name] for name in values} == values
        assert len(daemon.status()["secrets"]) >= _MANY
    return "each of the values"


CASES = [
    Case("values of 8 KB and 64 KB", _text("x" * _SECRET)),
    Case("every kind of character", _text(_every_kind_of_character())),
    Case("every kind of character, for a shell", _for_a_shell),
    Case("every byte", _binary),
    Case("10,000 parameters below a path", _many_below_a_path, tries=2),
]
