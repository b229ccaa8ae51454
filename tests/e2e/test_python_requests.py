"""Python's example with plain `requests`, on a whole Lambda: no word of Warmkey in the code."""

import shutil
from pathlib import Path

from tests.e2e.conftest import Launch
from tests.fakes.aws import FakeAws
from tests.rapid.ports import ReservedPort

EXAMPLE = Path(__file__).parents[2] / "handler_example/python"
PROXY = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}  # nobody there
HANDLER = """\
from with_requests import parameter

AT_INIT = parameter("/stripeSecretKey/live")


def handler(event, context):
    return [AT_INIT, parameter("/stripeSecretKey/live")]
"""


def test_a_parameter_is_read_over_the_api_of_awss_extension(
    launch: Launch, aws: FakeAws, package: Path
) -> None:
    """At the start and in the handler; a proxy that the function has for others is not asked."""
    aws.parameters.put("/stripeSecretKey/live", "canary")
    aws.parameters.put("/notes/prices", "[]")
    for name in ("with_requests.py", "warmkey.json"):
        shutil.copy(EXAMPLE / name, package)
    with ReservedPort() as port:
        variables = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(port.number), **PROXY}
        function = launch(HANDLER, STAGE="prod", WARMKEY_PORT="", **variables).function
        assert function.invoke().payload == ["canary", "canary"], function.log
    assert aws.actions == ["GetParameters"]
