"""Python, on `awslambdaric`."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.demo.package import staged
from tests.languages.language import Built, Language
from tests.rapid.runtime import python_bootstrap

_EXAMPLE = Path(__file__).parents[2] / "handler_example/python"
_PLAIN = """\
import os

KEY = os.environ["KEY"]


def handler(event, context):
    return KEY
"""


@cache
def _example() -> Built:
    place = staged()
    atexit.register(place.__exit__, None, None, None)
    return Built(place.__enter__(), tuple(python_bootstrap("app.handler")))


@cache
def _plain() -> Built:
    package = Path(tempfile.mkdtemp(prefix="plain-"))
    atexit.register(shutil.rmtree, package, ignore_errors=True)  # it may lie in one that is gone
    (package / "app.py").write_text(_PLAIN, encoding="utf-8")
    return Built(package, tuple(python_bootstrap("app.handler")))


def _dependencies() -> list[str]:
    lines = (_EXAMPLE / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


PYTHON = Language("Python", _example, _dependencies, _plain, behind_api=True)
