"""A function in a container image: of the layer there is the extension's file and nothing else.

What stands in for the layer's executable, which is a file with an interpreter in it, is a file
with the extension's sources and the interpreter of the tests.
"""

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.fakes.aws import FakeAws
from tests.rapid.function import Function
from tests.rapid.layer import stage_one_file

HANDLER = """\
import os
import urllib.request

def handler(event, context):
    url = f"http://127.0.0.1:{os.environ['WARMKEY_PORT']}/v1/secrets/key"
    token = {"X-Aws-Parameters-Secrets-Token": os.environ["AWS_SESSION_TOKEN"]}
    with urllib.request.urlopen(urllib.request.Request(url, headers=token)) as answer:
        value = answer.read().decode()
    return {"value": value, "opt": [place + "/" + name for place, _, names in os.walk("/opt")
                                    for name in names]}
"""

pytestmark = pytest.mark.usefixtures("namespaces_granted")


@pytest.fixture(params=["warmkey", "our-secrets"])
def layer(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """All there is under `/opt`: the extension's file, under any name."""
    return stage_one_file(tmp_path / "opt", request.param)


def test_the_extension_s_file_is_enough(
    launch: Launch, aws: FakeAws, layer: Path, package: Path
) -> None:
    """With `warmkey.json` where the image has the function's code, and a plain HTTP client."""
    aws.parameters.put("/key", "canary")
    (package / "warmkey.json").write_text(json.dumps({"secrets": {"key": "/key"}}))
    answer = launch(HANDLER, Function).invoke()
    (file,) = (layer / "extensions").iterdir()
    assert answer == {"value": "canary", "opt": [f"/opt/extensions/{file.name}"]}
    assert aws.actions == ["GetParameter"]
