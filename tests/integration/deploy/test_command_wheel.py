"""The wheel: what users install is what they get, with the command's libraries and without."""

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from layer.build.plan import UNLOCKED
from tests.fakes.fleet import put_zips
from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, MotoAws
from warmkey.extension import VERSION

REPOSITORY = Path(__file__).parents[3]
OFTEN = "boto3 botocore click rich"
LIBRARIES = f"{OFTEN} jinja2 pydantic"
SOURCES = ("extension", "layer", "LICENSE", "README.md", "pyproject.toml")


class Environment:
    """A virtual environment with the wheel in it.

    Args:
        folder: Where it is made.
        wheel: The wheel.
        with_libraries: Whether the libraries of the extra `deploy` can be imported there, too:
            those of this environment, so that none is downloaded.
    """

    def __init__(self, folder: Path, wheel: Path, *, with_libraries: bool) -> None:
        venv.create(folder)
        self._programs = folder / "bin"
        pip = [sys.executable, "-m", "pip", "--python", str(self._programs / "python")]
        install = [*pip, "install", "--isolated", "--quiet", "--no-deps", "--no-index", str(wheel)]
        subprocess.run(install, check=True)  # noqa: S603 - this environment's own pip
        if with_libraries:
            [packages] = folder.glob("lib/python*/site-packages")
            here = [path for path in sys.path if path.endswith("site-packages")]
            (packages / "libraries.pth").write_text("\n".join(here))

    def run(
        self, program: str, *arguments: str, environ: Mapping[str, str] | None = None
    ) -> CompletedProcess[str]:
        """Run a program of the environment, outside the repository."""
        return subprocess.run(  # noqa: S603 - what the wheel has installed
            [self._programs / program, *arguments],
            capture_output=True,
            check=False,
            cwd=self._programs,
            env={"PATH": os.defpath, **(environ or {})},
            text=True,
        )

    def imported(self, module: str) -> set[str]:
        """Which of the command's libraries are imported with a module."""
        code = f"import sys, {module}; print(*set(sys.modules) & set('{LIBRARIES}'.split()))"
        ran = self.run("python", "-I", "-c", code)
        assert ran.returncode == 0, ran.stderr
        return set(ran.stdout.split())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `make wheel` does, from these sources and small zips."""
    root = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        (root / name).symlink_to(REPOSITORY / name)
    put_zips(root / "dist", VERSION)
    (root / f"dist/{UNLOCKED}warmkey-layer-x86_64.zip").touch()  # of `make run`, without the lock
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(build, check=True, cwd=root, capture_output=True)  # noqa: S603
    [wheel] = (root / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """`pip install 'warmkey[deploy]'`."""
    return Environment(tmp_path_factory.mktemp("with") / "venv", wheel, with_libraries=True)


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """`pip install warmkey`."""
    return Environment(tmp_path_factory.mktemp("without") / "venv", wheel, with_libraries=False)


@pytest.fixture
def aws() -> Iterator[Mapping[str, str]]:
    """What leads to moto on loopback, and to no other AWS."""
    with MotoAws() as running:
        yield {
            "AWS_ENDPOINT_URL": running.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }


def test_the_wheel_holds_client_command_extension_and_zips(wheel: Path) -> None:
    """And neither tests nor what lies around in `dist`, least of all what is not locked."""
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= {
        "warmkey/__init__.py",
        "warmkey/py.typed",
        "warmkey/deploy/commands/group.py",
        "warmkey/extension/declared/reference.py",
        "warmkey/layers/warmkey-layer-x86_64.zip",
        "warmkey/layers/warmkey-layer-arm64.zip",
    }
    assert not [name for name in names if UNLOCKED in name]
    tops = {name.split("/")[0] for name in names}
    assert tops == {"warmkey", f"warmkey-{VERSION}.dist-info"}


def test_the_client_imports_none_of_the_commands_libraries(installed: Environment) -> None:
    """A function that has them pays nothing for them."""
    assert installed.imported("warmkey") == set()
    assert installed.imported("warmkey.deploy.commands.publish") == set(OFTEN.split())


def test_only_a_report_imports_what_makes_it(installed: Environment) -> None:
    """The help shows a line for each command, and must appear at once."""
    assert installed.imported("warmkey.deploy.commands.functions.bench") == set(OFTEN.split())
    assert "jinja2" in installed.imported("warmkey.deploy.bench.results.outcome")


def test_the_command_runs(installed: Environment) -> None:
    """Under its name."""
    assert installed.run("warmkey", "--version").stdout == f"warmkey, version {VERSION}\n"
    assert "publish" in installed.run("warmkey", "--help").stdout
    assert installed.run("python", "-m", "warmkey.deploy", "--version").returncode == 0


def test_the_zips_that_come_with_it_are_published(
    installed: Environment, aws: Mapping[str, str]
) -> None:
    """Wherever it is run."""
    ran = installed.run("warmkey", "publish", "--dry-run", environ=aws)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count(f"+ content: Warmkey {VERSION}, sha256 ") == 2


def test_the_command_without_its_libraries_says_how_to_get_them(bare: Environment) -> None:
    """The client works without."""
    ran = bare.run("warmkey", "status")
    assert ran.returncode == 1
    assert ran.stderr == "warmkey: there is no click; pip install 'warmkey[deploy]'\n"
    assert bare.imported("warmkey") == set()


@pytest.mark.parametrize(
    ("library", "command"), [("boto3", "status"), ("rich", "status"), ("jinja2", "bench x")]
)
def test_the_command_with_only_some_of_its_libraries_says_so_too(
    installed: Environment, library: str, command: str
) -> None:
    """For example, where other packages have brought click and botocore."""
    code = f"""import sys
from warmkey.deploy.__main__ import main
sys.modules[{library!r}] = None
sys.argv[1:] = {command.split()!r}
main()"""
    ran = installed.run("python", "-I", "-c", code)
    assert ran.returncode == 1
    assert ran.stderr == f"warmkey: there is no {library}; pip install 'warmkey[deploy]'\n"
