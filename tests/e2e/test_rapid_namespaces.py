"""What is said and done where namespaces are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid.namespaces import ENVIRONMENT

ROOT = Path(__file__).parents[2]
# A user namespace that grants no further ones: what its own root sets holds for it alone.
REFUSING = (
    *("unshare", "--user", "--map-root-user", "sh", "-ec"),
    'for kind in user mnt pid; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done; exec "$@"',
    "refusing",
)
ASK = """\
import json
from tests.rapid import namespaces
from tests.rapid.without_namespaces import available_sandbox
try:
    namespaces.isolation()
except namespaces.NamespacesRefused as refusal:
    print(json.dumps([str(refusal), namespaces.available(), available_sandbox().real_core]))
"""


@pytest.fixture(scope="module")
def refused(namespaces_granted: None) -> list[object]:  # noqa: ARG001 - makes a place that refuses
    """The message, `available()`, and whether the best sandbox has the real core."""
    done = subprocess.run(  # noqa: S603
        [*REFUSING, sys.executable, "-c", ASK],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: list[object] = json.loads(done.stdout)
    return answer


def test_a_refusal_repeats_the_kernel_and_says_what_to_do(refused: list[object]) -> None:
    """What was tried, the kernel's words, and the setting that refuses here."""
    message = str(refused[0])
    assert "unshare -m -p -f --kill-child --mount-proc" in message
    assert "unshare failed: No space left on device" in message
    assert "sudo sysctl user.max_user_namespaces=10000" in message
    assert "--privileged" in message


def test_a_refusal_leads_to_the_fake_lambda(refused: list[object]) -> None:
    """`available()` says no, and the best sandbox does without the real core."""
    assert refused[1:] == [False, False]
