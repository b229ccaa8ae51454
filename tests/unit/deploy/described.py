"""Functions as Lambda describes them, for tests of what is planned for them."""

from collections.abc import Mapping

from warmkey.deploy.functions.attachment import AttachRequest
from warmkey.deploy.functions.configuration import Configuration
from warmkey.deploy.layers.layer import LayerVersion

_HERE = "arn:aws:lambda:eu-central-1:123456789012"
FUNCTION = f"{_HERE}:function:billing"
WARMKEY = f"{_HERE}:layer:warmkey-x86_64:7"
OLDER = f"{_HERE}:layer:warmkey-x86_64:3"
AWS_EXTENSION = (
    "arn:aws:lambda:eu-central-1:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11"
)
VERSION = LayerVersion(WARMKEY, "Warmkey 0.1.0", ("x86_64",))
NOTHING = AttachRequest({})


def other(name: str) -> str:
    """The ARN of a layer that has nothing to do with Warmkey."""
    return f"{_HERE}:layer:{name}:1"


def function(
    *layers: str,
    variables: Mapping[str, str] | None = None,
    runtime: str = "python3.13",
    architecture: str = "x86_64",
    unreadable: str = "",
) -> Configuration:
    """A function."""
    return Configuration(
        arn=FUNCTION,
        runtime=runtime,
        architecture=architecture,
        role="arn:aws:iam::123456789012:role/service-role/billing-role",
        layers=layers,
        variables=variables or {},
        unreadable=unreadable,
    )
