"""What is locked is installed, whatever came out since, whatever pip there is and how it is set.

Each test installs made-up packages with the project's own commands from an index on loopback, which
offers a newer version of each.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.fakes.certificates import Authority
from tests.fakes.distribution import Distribution, source, wheel
from tests.fakes.http_service import LOOPBACK
from tests.fakes.package_index import FakePackageIndex
from tests.languages.attempt import stage_once
from tests.rapid.runtime import python_program
from tests.supply_chain.checkout import (
    DEVELOPMENT,
    FUNCTION,
    NEWER,
    TEMPLATES,
    UV,
    Checkout,
    locked,
)
from tests.supply_chain.sources import PackagesUnavailable
from tests.supply_chain.wheel import download

PACKAGES = ".venv/lib/python*/site-packages"
READY = ".venv/.ready"
PACKAGE = "build/handler_example/python"
OLDEST = "3.11.0's"
# Stands for a Python that comes with another pip.
PYTHON = """\
import os, subprocess, sys, zipfile
if sys.argv[1:3] != ["-m", "venv"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
subprocess.run([{python!r}, "-m", "venv", "--without-pip", *sys.argv[3:]], check=True)
[folder] = __import__("pathlib").Path(sys.argv[-1]).glob("lib/python*/site-packages")
zipfile.ZipFile({pip!r}).extractall(folder)
"""


@pytest.fixture
def index() -> Iterator[FakePackageIndex]:
    """An index, empty at first."""
    with FakePackageIndex() as index:
        yield index


@pytest.fixture
def checkout(tmp_path: Path, index: FakePackageIndex) -> Checkout:
    """A checkout, with this Python and the pip that comes with it."""
    return Checkout(tmp_path, index, sys.executable)


def with_oldest_pip(folder: Path) -> Path:
    """A Python with the oldest pip that is supported; skips where this Python is too new for it."""
    if sys.version_info >= (3, 12):
        pytest.skip("the oldest pip runs on Python 3.11 only; later ones came with a later pip")
    lock = Path(__file__).with_name("oldest-pip.lock")

    def make(place: Path) -> None:
        place.mkdir()
        download(lock, place)

    try:
        place = stage_once(REPOSITORY / "build/oldest-pip", [lock], make, PackagesUnavailable)
        [pip] = place.glob("*.whl")
    except PackagesUnavailable as error:
        pytest.skip(str(error))
    python = folder / "python"
    program = PYTHON.format(python=sys.executable, pip=str(pip))
    python.write_text(python_program(program, ""), encoding="utf-8")
    python.chmod(0o755)
    return python


def hostile_settings(folder: Path) -> dict[str, str]:
    """Settings of pip and uv that ask for other versions or places, in files and variables.

    Args:
        folder: Where the files are put; relative names in the variables are relative to it.
    """
    constraints = folder / "constraints.txt"
    constraints.write_text(f"idna=={NEWER}\nuv=={NEWER}\n", encoding="utf-8")
    for name, text in (
        ("pip/pip.conf", f"[install]\nconstraint = {constraints}\nno-binary = :all:\nuser = yes\n"),
        ("uv/uv.toml", 'exclude-newer = "2020-01-01"\noverride-dependencies = ["idna==1"]\n'),
    ):
        file = folder / "config" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    return {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PIP_CONSTRAINT": str(constraints),
        "PIP_PRE": "1",
        "PIP_TARGET": str(folder / "elsewhere"),
        "PIP_FIND_LINKS": str(folder / "missing"),
        "UV_CONSTRAINT": str(constraints),
        "UV_OVERRIDE": str(constraints),
        "UV_EXCLUDE_NEWER": "2020-01-01",
        "UV_INDEX_STRATEGY": "first-index",
        "UV_NO_BINARY": "1",
        "UV_PRERELEASE": "allow",
        "UV_RESOLUTION": "lowest",
        "UV_TARGET": str(folder / "elsewhere"),
        "UV_PROJECT_ENVIRONMENT": str(folder / "elsewhere"),
    }


def install(
    checkout: Checkout, lock: str, folder: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Install a lock into a folder, as the project's commands do."""
    command = (sys.executable, "-m", "tests.supply_chain.uv", "install", lock, folder)
    return checkout.run(*command, environ=environ)


def assert_succeeded(done: subprocess.CompletedProcess[str]) -> None:
    """What it says tells why it did not."""
    assert done.returncode == 0, done.stdout + done.stderr


def builder(version: str) -> Distribution:
    """A build backend that tells its version in what it builds."""
    made = wheel("built", "1", files={"built_by.py": version})
    module = f"""
def build_wheel(folder, *_, **__):
    with open(f"{{folder}}/{made.file_name}", "wb") as file:
        file.write({made.contents!r})
    return {made.file_name!r}
"""
    return wheel("builder", version, files={"builder.py": module})


@pytest.mark.parametrize("case", ["the oldest pip", "settings that ask for others"])
def test_every_lock_is_installed_as_it_is(
    tmp_path: Path, index: FakePackageIndex, case: str
) -> None:
    """And nothing else, with the pip of Python 3.11.0 and with this Python's own."""
    is_oldest = case == "the oldest pip"
    python = with_oldest_pip(tmp_path) if is_oldest else sys.executable
    settings = {} if is_oldest else hostile_settings(tmp_path)
    checkout = Checkout(tmp_path, index, python)
    assert_succeeded(checkout.make(READY, settings))
    assert_succeeded(checkout.make(f"{PACKAGE}/.ready", settings))
    assert_succeeded(install(checkout, TEMPLATES, "build/templates", **settings))
    environment = checkout.installed(PACKAGES)
    environment.pop("setuptools", None)  # Python 3.11 brings one
    assert environment == locked(UV, DEVELOPMENT)
    assert checkout.installed(PACKAGE) == locked(FUNCTION)
    assert checkout.installed("build/templates") == locked(TEMPLATES)
    assert not [name for name in index.downloaded if NEWER in name]


@pytest.mark.parametrize("is_oldest", [True, False], ids=["the oldest pip", "a newer pip"])
def test_an_old_pip_alone_looks_for_newer_versions(
    tmp_path: Path, index: FakePackageIndex, is_oldest: bool
) -> None:
    """Which is why it installs nothing but uv; the test above would tell."""
    checkout = Checkout(tmp_path, index, sys.executable)
    python = Path(sys.executable)
    if is_oldest:
        python = checkout.folder / ".venv/bin/python"
        assert_succeeded(checkout.run(with_oldest_pip(tmp_path), "-m", "venv", ".venv"))
    pip = (python, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", "packages")
    done = checkout.run(*pip, "-r", FUNCTION)
    if is_oldest:
        assert "In --require-hashes mode, all requirements must have their versions" in done.stderr
    else:
        assert_succeeded(done)
        assert checkout.installed("packages") == locked(FUNCTION)


def test_the_index_that_pip_is_configured_for_is_asked(
    checkout: Checkout, index: FakePackageIndex, tmp_path: Path
) -> None:
    """By uv, too, which does not read pip's files; beside another that has only newer versions."""
    with FakePackageIndex([wheel("requests", NEWER), wheel("idna", NEWER)]) as other:
        file = tmp_path / "home/.config/pip/pip.conf"
        file.parent.mkdir(parents=True)
        file.write_text(f"[global]\nindex-url={index.url}\nextra-index-url={other.url}\n")
        assert_succeeded(install(checkout, FUNCTION, "packages", PIP_INDEX_URL=""))
    assert checkout.installed("packages") == locked(FUNCTION)


@pytest.mark.parametrize("is_trusted", [True, False], ids=["trusted", "not trusted"])
def test_the_certificates_that_pip_trusts_are_trusted(tmp_path: Path, is_trusted: bool) -> None:
    """By uv, too; of a company's own index, for example."""
    ours, other = (Authority(tmp_path / name).issue(LOOPBACK) for name in ("ours", "other"))
    with FakePackageIndex(certificate=ours) as index:
        checkout = Checkout(tmp_path, index, sys.executable)
        trusted = (ours if is_trusted else other).bundle
        done = install(checkout, FUNCTION, "packages", PIP_CERT=str(trusted))
    assert (done.returncode == 0) is is_trusted, done.stderr


def test_an_environment_that_was_left_unfinished_is_made_again(checkout: Checkout) -> None:
    """From nothing, so that no half of a package is taken for a whole one, and no old one stays."""
    assert_succeeded(checkout.run(sys.executable, "-m", "venv", "--without-pip", ".venv"))
    [packages] = checkout.folder.glob(PACKAGES)
    (packages / "left.py").touch()
    half = packages / f"click-{locked(DEVELOPMENT)['click']}.dist-info"
    half.mkdir()
    (half / "METADATA").touch()
    assert_succeeded(checkout.make(READY))
    assert (half / "RECORD").exists()
    assert not (packages / "left.py").exists()


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "forgotten"])
def test_package_without_a_wheel_is_built_with_locked_packages_only(
    checkout: Checkout, index: FakePackageIndex, is_locked: bool
) -> None:
    """And not with the newest that can build it."""
    built = source("built", "1", built_with="builder")
    for each in (built, builder("1"), builder(NEWER)):
        index.offer(each)
    (checkout.folder / "built.lock").write_text(built.locked, encoding="utf-8")
    if is_locked:
        lock = checkout.folder / "requirements-build.lock"
        lock.write_text(builder("1").locked, encoding="utf-8")
    done = install(checkout, "built.lock", "packages")
    if is_locked:
        assert_succeeded(done)
        assert (checkout.folder / "packages/built_by.py").read_text(encoding="utf-8") == "1"
    else:
        assert "no trusted hash was provided for: `builder`" in done.stderr


def test_downloaded_package_is_installed_without_a_network(
    checkout: Checkout, index: FakePackageIndex
) -> None:
    """No index is asked, though it might have moved."""
    assert_succeeded(install(checkout, FUNCTION, "packages"))
    asked = index.requests
    assert_succeeded(install(checkout, FUNCTION, "again"))
    assert checkout.installed("again") == locked(FUNCTION)
    assert index.requests == asked > 0


def test_withdrawn_package_is_not_replaced(checkout: Checkout, index: FakePackageIndex) -> None:
    """The message says which it is, and what to do."""
    index.withdraw("idna")
    index.offer(wheel("idna", NEWER))
    done = install(checkout, FUNCTION, "packages")
    assert done.returncode == 1
    assert f"there is no version of idna=={locked(FUNCTION)['idna']}" in done.stderr
    assert "make lock PACKAGE=" in done.stderr


def test_a_machine_without_a_wheel_of_uv_is_told_so(
    checkout: Checkout, index: FakePackageIndex
) -> None:
    """Instead of building it for an hour, and of taking another."""
    index.withdraw("uv")
    index.offer(wheel("uv", NEWER))
    index.offer(source("uv", locked(UV)["uv"], built_with="maturin"))
    done = checkout.make(READY)
    assert done.returncode
    assert "uv has no wheel for Linux-" in done.stderr
    assert not (checkout.folder / READY).exists()
