"""Whether another extension listens where Warmkey does."""

from collections.abc import Iterator

from ...functions import environment
from ...functions.configuration import Configuration
from ...layers import layer
from ..finding import Finding

_CHECK = "port"
_COSTS = "the one that starts later fails, and with it every start of the function"
_RUNTIME_API = 9001  # where Lambda's own API is, as far as anybody has seen
# https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-lambda-extensions.html
_APPCONFIG = ("AWS-AppConfig-Extension", "AWS_APPCONFIG_EXTENSION_HTTP_PORT", "2772")


def check(function: Configuration) -> Iterator[Finding]:
    """Look at its layers and its ports."""
    variables = function.variables
    aws_extension = [each for each in function.layers if layer.is_aws_extension(each)]
    if aws_extension and environment.ports_clash(variables):
        yield Finding(
            "error",
            _CHECK,
            f"AWS's own extension uses the same port: {aws_extension[0]}",
            _COSTS,
            f"warmkey attach {function.name} --replace-aws-extension (Warmkey answers as it does), "
            "or set WARMKEY_PORT to another port",
        )
    port = environment.port(variables)
    if _has_appconfig(function) and str(port) == (variables.get(_APPCONFIG[1]) or _APPCONFIG[2]):
        yield Finding(
            "error",
            _CHECK,
            f"AWS's AppConfig extension uses the same port, {port}",
            _COSTS,
            "set WARMKEY_PORT to another port",
        )
    if port == _RUNTIME_API:
        yield Finding(
            "error",
            _CHECK,
            f"Lambda's own API is on port {port}",
            "no function starts without it",
            "set WARMKEY_PORT to another port",
        )


def _has_appconfig(function: Configuration) -> bool:
    return any(layer.name_in(each).startswith(_APPCONFIG[0]) for each in function.layers)
