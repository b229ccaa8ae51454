"""CPython's own tests of what the daemon stands on, run on the objects that it consists of."""

import os
import subprocess
from pathlib import Path

from layer.build.executables.python import Python

TESTS = (
    "test_hashlib",
    "test_hmac",
    "test_json",
    "test_select",
    "test_socket",
    "test_ssl",
    "test_threading",
)
EXCEPTIONS = Path(__file__).with_name("cpython-test-exceptions.txt")
TIMEOUT = 300  # seconds, for one test


def run(python: Python) -> int:
    """Run the tests, except those that the file of exceptions names.

    Returns:
        The exit status: 0 when all have passed.
    """
    command = [str(python.executable), "-m", "test", "-j", str(os.cpu_count()), *TESTS]
    command += ["--timeout", str(TIMEOUT), "--ignorefile", str(EXCEPTIONS)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONHOME": str(python.home)}
    return subprocess.run(command, env=environment, check=False).returncode
