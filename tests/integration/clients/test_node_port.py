"""The thin client for Node.js finds the endpoint's port as the extension chooses it."""

import itertools
import json
import subprocess
from pathlib import Path

from extension.declared import settings
from extension.declared.environment.variables import SettingError
from tests.integration.clients.node_client import node
from tests.patience import PATIENCE

SCRIPT = Path(__file__).with_name("node_ports.mjs")
NUMBERS = ["0", "1", "9000", "65535", "65536", "00002773", "00065535", "000002773", "9" * 9]
NONE = ["-1", "+1", "1e3", "0x1F90", "27.5", "1_0", "none", "²"]
PADDED = ["", " ", "\n", " 9000", "9000\t", " 90 00 "]


def test_client_and_extension_agree_about_the_port() -> None:
    """Whatever the two variables are, also about what is none."""
    pairs = itertools.product([*NUMBERS, *NONE, *PADDED], repeat=2)
    names = ("WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
    environments = [{}, *(dict(zip(names, pair, strict=True)) for pair in pairs)]
    ran = subprocess.run(  # noqa: S603 - our own script
        [node(), str(SCRIPT)],
        input=json.dumps(environments),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    for environ, port in zip(environments, json.loads(ran.stdout), strict=True):
        assert port == extension(environ), environ


def extension(environ: dict[str, str]) -> int | None:
    """The port on which it listens; None where it does not start."""
    try:
        return settings.port(environ)
    except SettingError:
        return None
