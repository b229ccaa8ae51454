"""What the provider for Powertools costs a cold start: no boto3, which its own providers need."""

import subprocess
import sys
from pathlib import Path

from tests.fakes.endpoint import FakeEndpoint
from tests.patience import PATIENCE

PACKAGE = Path(__file__).parents[3] / "layer/python"
ABSENT = """
import sys
sys.modules["boto3"] = sys.modules["botocore"] = None  # as where they are not installed
"""
GET = """
from warmkey.powertools import WarmkeyProvider
print(WarmkeyProvider().get("KEY"))
"""


def run(script: str, *options: str) -> list[str]:
    """What a script prints, line by line, in an interpreter of its own with an endpoint."""
    start = f"import sys; sys.path.insert(0, {str(PACKAGE)!r})\n"
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", *options, "-c", start + script],
            env=endpoint.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_provider_gets_a_secret_without_boto3_being_imported() -> None:
    """Its import would take longer than the whole cold start without it."""
    assert run(f"{GET}print('boto3' in sys.modules)") == ["value", "False"]


def test_a_provider_needs_no_boto3() -> None:
    """A package without any SDK is enough."""
    assert run(ABSENT + GET) == ["value"]


def test_powertools_own_providers_are_there_when_they_are_asked_for() -> None:
    """Under the names that they have had, and of the same base."""
    script = f"""{GET}
import aws_lambda_powertools.utilities.parameters
from aws_lambda_powertools.utilities import parameters
print("boto3" in sys.modules)
from aws_lambda_powertools.utilities.parameters import BaseProvider, SSMProvider
print(parameters.SSMProvider is SSMProvider)
print(aws_lambda_powertools.utilities.parameters is parameters)
print(issubclass(WarmkeyProvider, BaseProvider), issubclass(SSMProvider, BaseProvider))
namespace = {{}}
exec("from aws_lambda_powertools.utilities.parameters import *", namespace)
print(namespace["SSMProvider"] is SSMProvider)
"""
    assert run(script) == ["value", "False", "True", "True", "True True", "True"]


def test_a_package_that_was_imported_before_is_left_as_it_is() -> None:
    """Whoever uses both has them in any order."""
    script = f"""
from aws_lambda_powertools.utilities import parameters
{GET}
print(issubclass(WarmkeyProvider, parameters.BaseProvider))
"""
    assert run(script) == ["value", "True"]


def test_a_provider_of_powertools_that_lacks_boto3_says_so_each_time() -> None:
    """As it does without Warmkey."""
    script = f"""{ABSENT}{GET}
for _ in range(2):
    try:
        from aws_lambda_powertools.utilities.parameters import SSMProvider
    except ModuleNotFoundError as error:
        print(error.name)
"""
    assert run(script) == ["value", "boto3", "boto3"]


def test_import_without_powertools_names_what_is_missing() -> None:
    """The client itself needs nothing."""
    script = """
import warmkey
try:
    import warmkey.powertools
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert run(script, "-S") == ["aws_lambda_powertools"]
