"""Download a locked wheel, to take files out of it: with the locked pip, as uv only installs."""

import os
import subprocess
import sys
from pathlib import Path

from tests.supply_chain.sources import PackagesUnavailable, for_pip, pip_configuration


def download(lock: Path, folder: Path) -> Path:
    """Download a wheel, verified by its hash, without its dependencies.

    Args:
        lock: The lock, which names one package.
        folder: Where the wheel is put.

    Returns:
        The wheel.

    Raises:
        PackagesUnavailable: pip could not.
    """
    pip = [sys.executable, "-m", "pip", "download", "--quiet"]
    what = ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--requirement={lock}"]
    environment = for_pip(pip_configuration(sys.executable, os.environ), os.environ)
    done = subprocess.run([*pip, *what, f"--dest={folder}"], env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise PackagesUnavailable(
            f"pip could not download what {lock} names (exit status {done.returncode}): "
            "see its message above; the package index must be reachable"
        )
    [wheel] = folder.glob("*.whl")
    return wheel
