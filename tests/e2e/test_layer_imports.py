"""The interpreter imports frozen modules by itself, and they are as importlib would have them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid.layer import build

HERE = Path(__file__).parent
ATTEMPTS = {
    "package": "('extension.inner.leaf of extension.inner', True)",
    "module_by_its_full_name": "('extension.inner', 'extension.inner.leaf')",
    "builtin": "'built-in'",
    "failing": "[('not today', False), ('not today', False)]",
    "absent": "ImportError: cannot import name 'nothing' from 'extension.inner'",
    "absent_module": "ModuleNotFoundError: No module named 'extension.inner.nothing'",
    "half_imported": "(True, [True])",
}


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The daemon's interpreter with the attempts in the daemon's place."""
    place = tmp_path_factory.mktemp("importing")
    extension = place / "extension"
    shutil.copytree(HERE / "importing/extension", extension)
    shutil.copy(HERE / "unfinished/extension/__main__.py", extension)
    build().daemon(place / "warmkey", extension=extension)
    return place / "warmkey"


@pytest.mark.parametrize("name", ATTEMPTS)
def test_an_import_does_what_importlib_would(interpreter: Path, name: str) -> None:
    """It gives the module, or raises what it should."""
    done = subprocess.run(  # noqa: S603
        [interpreter, name], env={}, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.stdout.startswith(ATTEMPTS[name]), done
    assert done.stderr == ""
