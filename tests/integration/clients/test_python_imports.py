"""What the thin client costs a cold start: hardly anything is imported."""

import subprocess
import sys
from pathlib import Path

from tests.fakes.endpoint import FakeEndpoint
from tests.patience import PATIENCE

PACKAGE = Path(__file__).parents[3] / "layer/python"
SCRIPT = f"""
import sys
sys.path.insert(0, {str(PACKAGE)!r})
before = {{*sys.modules, *sys.builtin_module_names}}
import warmkey
warmkey.get("KEY")
print(*sorted(set(sys.modules) - before))
"""


def test_a_first_read_imports_one_module_besides_the_client() -> None:
    """No `socket`, `http`, `ssl`, `json`, `threading` or `typing`: each costs milliseconds."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", "-c", SCRIPT],
            env=endpoint.environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )

    imported = set(done.stdout.split())
    assert imported - {"_queue", "_socket"} == {
        "warmkey",
        "warmkey.client",
        "warmkey.endpoint",
        "warmkey.errors",
    }
