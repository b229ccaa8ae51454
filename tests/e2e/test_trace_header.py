"""X-Ray's trace header reaches the handler untouched, with the layer and through its wrapper.

Lambda hands it on with each event, and the runtime puts it into a variable. AWS's emulator gives
none, so a fake Lambda does; layer and runtime are the real ones.
https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
"""

from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.lambda_answers import trace_of
from tests.patience import PATIENT
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import python_bootstrap
from tests.rapid.without_namespaces import FunctionWithoutNamespaces

HANDLER = """\
import os


def handler(event, context):
    return [os.environ["KEY"], context.aws_request_id, os.environ.get("_X_AMZN_TRACE_ID")]
"""


@pytest.mark.parametrize(
    ("wrapper", "key"),
    [("", "warmkey:/key/live"), ("warmkey-exec", "sk_live_1")],
    ids=["layer", "wrapper"],
)
def test_trace_header_of_each_invocation_reaches_the_handler(
    aws: FakeAws, layer: Path, package: Path, wrapper: str, key: str
) -> None:
    """That of the cold start, and the next one, which is another."""
    aws.parameters.put("/key/live", "sk_live_1")
    (package / "app.py").write_text(HANDLER, encoding="utf-8")
    runtime = python_bootstrap("app.handler", str(package), str(layer))
    with ReservedPort() as port:
        variables = {"WARMKEY_PORT": str(port.number), "KEY": "warmkey:/key/live"}
        with FunctionWithoutNamespaces(
            package=package,
            layer=layer,
            environment={**aws.environment(), **PATIENT, **variables},
            bootstrap=[str(layer / wrapper), *runtime] if wrapper else runtime,
        ) as function:
            answers = [function.invoke().payload for _ in range(2)]
    assert [answer[0] for answer in answers] == [key, key]
    assert [answer[2] for answer in answers] == [trace_of(answer[1]) for answer in answers]
    assert answers[0][2] != answers[1][2]
