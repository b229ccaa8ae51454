"""Fill a new virtual environment: `PYTHON -m tests.supply_chain.environment`, PYTHON being its own.

pip comes with Python, in whatever version. It installs one package without dependencies, uv, by its
hash. uv, whose version is thereby locked, installs everything else: docs/decisions/0009.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

from tests.supply_chain.sources import PackagesUnavailable, for_pip, pip_configuration
from tests.supply_chain.uv import install

_ROOT = Path(__file__).parents[2]
UV_LOCK = _ROOT / "requirements-uv.lock"
LOCK = _ROOT / "requirements-dev.lock"


def install_uv(lock: Path = UV_LOCK) -> None:
    """Install the locked uv with the environment's own pip.

    Raises:
        PackagesUnavailable: pip could not; its own words stand above on standard error.
    """
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--progress-bar=off"]
    what = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--requirement", str(lock)]
    environment = for_pip(pip_configuration(sys.executable, os.environ), os.environ)
    if subprocess.run([*pip, *what], env=environment, check=False).returncode:  # noqa: S603
        raise PackagesUnavailable(
            f"pip could not install uv, which installs everything else, from {lock}: see its "
            "message above. Either no package index can be reached (`pip config list` shows "
            f"which is used), or uv has no wheel for {platform.platform()} on "
            f"{platform.machine()}: then use Linux on x86_64 or arm64, or the image debian:13"
        )


def main() -> int:
    """Fill the environment whose interpreter runs this.

    Returns:
        The exit status: 0, or 1 where something can't be had.
    """
    try:
        install_uv()
        install(UV_LOCK, LOCK, into=["--python", sys.executable])
    except PackagesUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
