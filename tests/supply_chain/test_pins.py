"""Everything that is downloaded is locked: by every file that names packages, in every command."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import tomllib

from layer.build.plan import REPOSITORY

MADE = {".git", ".venv", "build", "dist", "target"}
COMMANDS = (".py", ".sh", ".yml", "Makefile", ".ci/run", ".ci/tools")
# What would install something that no lock names: `npx`, for one, fetches what is not there. What
# users are told to type, `pip install warmkey`, is no command of the project's.
UNLOCKED = re.compile(
    r"""\bpip3?\ (install|wheel|download)\b(?!\ warmkey|.*(--no-index|--require-hashes))
    |\bnpm\ (i|install|update|add|exec)\b|\b(npx|uvx|pipx|yarn|pnpm)\ [a-z@]
    |\bcargo\ (add|update)\b|\bcargo\ install\b(?!.*--version.*--locked)
    |\bgo\ (get|install)\b|\bgo\ run\ \S+@|\buv\ (add|run|tool|pip\ install)\b
    |\b(curl|wget)\b.*\|\ *(ba|da)?sh\b|\bplaywright\ install\b""",
    re.VERBOSE,
)


def files() -> Iterator[Path]:
    """The repository's files, without what is made and installed, by their paths in it."""
    for folder, folders, names in os.walk(REPOSITORY):
        is_installed = (Path(folder) / ".package-lock.json").exists()
        folders[:] = [] if is_installed else sorted({*folders} - MADE)
        yield from (Path(folder, name).relative_to(REPOSITORY) for name in names)


def named(*names: str) -> list[Path]:
    """The files of such names."""
    found = [path for path in files() if any(path.match(name) for name in names)]
    assert found, f"nothing is called {names}, so nothing would be checked"
    return found


def text(path: Path) -> str:
    """What a file says."""
    return (REPOSITORY / path).read_text(encoding="utf-8")


def typed(line: str) -> str:
    """A list of arguments as it would be typed."""
    return re.sub(r"""[\s"',\[\](){}$*]+""", " ", line)


def dependencies(package: Mapping[str, Any]) -> dict[str, str]:
    """What a package of npm depends on directly, for whatever, and has installed with it."""
    about = package.get("peerDependenciesMeta", {})
    not_installed = {name for name, each in about.items() if each.get("optional")}
    kinds = (each for key, each in package.items() if key.lower().endswith("dependencies"))
    return {
        name: version
        for kind in kinds
        for name, version in kind.items()
        if name not in not_installed
    }


@pytest.mark.parametrize("path", named("package.json"), ids=str)
def test_every_package_of_npm_is_locked_by_its_hash(path: Path) -> None:
    """The indirect ones, too, for what npm is asked to install."""
    wanted = dependencies(json.loads(text(path)))
    lock = path.with_name("package-lock.json")
    locked = json.loads(text(lock))["packages"] if wanted else {"": {}}
    assert dependencies(locked.pop("")) == wanted
    unlocked = [
        name
        for name, each in locked.items()
        if "integrity" not in each and not each.get("inBundle")  # it lies in the one that has it
    ]
    assert unlocked == []


@pytest.mark.parametrize("path", named("Cargo.toml"), ids=str)
def test_every_crate_is_locked_by_its_checksum(path: Path) -> None:
    """Those that come from elsewhere, e.g. from a branch, have none."""
    lock = tomllib.loads(text(path.with_name("Cargo.lock")))
    own = tomllib.loads(text(path))["package"]["name"]
    assert [each["name"] for each in lock["package"] if "checksum" not in each] == [own]


@pytest.mark.parametrize("path", named("go.mod"), ids=str)
def test_every_module_of_go_is_locked_by_its_sum(path: Path) -> None:
    """And Go itself by a whole version, as `go 1.24` can't be downloaded."""
    module = text(path)
    assert re.search(r"^go \d+\.\d+\.\d+$", module, re.MULTILINE)
    assert "replace" not in module
    wanted = re.findall(r"^(?:require)?\s+(\S+\.\S+/\S+ v\S+)", module, re.MULTILINE)
    assert bool(wanted) == ("require" in module)
    sums = text(path.with_name("go.sum")) if wanted else ""
    assert [each for each in wanted if f"{each} h1:" not in sums] == []


@pytest.mark.parametrize("path", named("pom.xml"), ids=str)
def test_mavens_plugins_and_jars_have_one_version_each(path: Path) -> None:
    """No range and no LATEST; jars are locked by their digests, in a file of our own."""
    root = ElementTree.fromstring(text(path))  # noqa: S314 - our own file
    jars, plugins = (root.findall(f".//{{*}}{kind}") for kind in ("dependency", "plugin"))
    assert jars
    versions = {each.findtext("{*}artifactId"): each for each in (*jars, *plugins)}
    one = {
        name: each.findtext("{*}version")
        for name, each in versions.items()
        if re.fullmatch(r"\d+(\.\d+)+", each.findtext("{*}version", ""))
    }
    assert one.keys() == versions.keys()
    lock = text(path.with_name("dependencies.sha256"))
    for jar in jars:
        names = [jar.findtext(f"{{*}}{name}", "") for name in ("groupId", "artifactId", "version")]
        name = re.escape("{}.{}-{}.jar".format(*names))
        assert re.search(f"^[0-9a-f]{{64}}  {name}$", lock, re.MULTILINE)


PYTHON = named("requirements*.lock", "*pip.lock", "core.lock", "provider.lock")


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_every_python_package_is_locked_by_its_hash(path: Path) -> None:
    """One version each on a machine, none from an address."""
    lines = [line for line in text(path).splitlines() if not line.startswith("#")]
    packages = "\n".join(lines).replace("\\\n", "").splitlines()
    pattern = r"[a-z0-9-]+==\S+( ; [^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+ *"
    assert packages
    assert [each for each in packages if not re.fullmatch(pattern, each)] == []


def test_every_list_of_python_packages_is_locked() -> None:
    """Those of the examples and the tests; a template leaves it to its users."""
    lists = named("requirements*.in", "requirements*.txt")
    unlocked = [path for path in lists if not (REPOSITORY / path).with_suffix(".lock").exists()]
    assert unlocked == [Path("layer/templates/cdk/requirements.txt")]


def test_no_command_installs_what_no_lock_names() -> None:
    """In the Makefile, workflows and scripts."""
    found = []
    for path in files():
        if str(path).endswith(COMMANDS) and path.name != Path(__file__).name:
            lines = text(path).splitlines()
            for number, (line, following) in enumerate(
                zip(lines, [*lines[1:], ""], strict=True), 1
            ):
                command = UNLOCKED.search(typed(f"{line} {following}"))  # its options may be there
                if command and command.start() < len(typed(line)):
                    found.append(f"{path}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        '[sys.executable, "-m", "pip", "install", "boto3"]',
        "npm install",
        "npx cdk synth",
        "cargo install agent",
        "go run example.com/x@latest",
        "curl -sSf https://sh.rustup.rs | sh",
        "uv pip install -r requirements-dev.lock",
    ],
)
def test_such_a_command_would_be_found(line: str) -> None:
    """However it is written."""
    assert UNLOCKED.search(typed(line))
