"""The function's root, as a plan."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rapid.root import InterpreterInTheWay, Root


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """A layer with two directories."""
    for name in ("extensions", "python"):
        (tmp_path / "layer" / name).mkdir(parents=True)
    return tmp_path / "layer"


def opt_mounts(root: Root) -> Iterator[str]:
    """What a plan mounts at and under `/opt`."""
    for command in root.commands():
        if command[0] == "mount" and command[-1].startswith(f"{root.place}/opt"):
            yield command[-1].removeprefix(str(root.place))


def test_the_layer_is_the_whole_of_opt(tmp_path: Path, layer: Path) -> None:
    """One mount, whatever the host has there."""
    root = Root(tmp_path, tmp_path, layer, keep=(Path("/usr/lib/python3"),))
    assert list(opt_mounts(root)) == ["/opt"]


def test_an_interpreter_under_opt_stays_reachable(tmp_path: Path, layer: Path) -> None:
    """As on GitHub's machines, where Python is in /opt/hostedtoolcache."""
    root = Root(tmp_path, tmp_path, layer, keep=(Path("/opt/hostedtoolcache/Python/3.13"),))
    mounts = list(opt_mounts(root))
    assert mounts == ["/opt", "/opt/hostedtoolcache", "/opt/extensions", "/opt/python"]


def test_an_interpreter_where_the_layer_belongs_is_an_error(tmp_path: Path, layer: Path) -> None:
    """The message names the directory and the way out."""
    root = Root(tmp_path, tmp_path, layer, keep=(Path("/opt/python/cp313"),))
    with pytest.raises(InterpreterInTheWay, match=r"^/opt/python is needed .* \(make PYTHON="):
        list(root.commands())


def test_an_interpreter_in_a_private_directory_is_open_to_other_users(tmp_path: Path) -> None:
    """Like one under `/root`: it alone is bound in, beneath directories that anyone may enter."""
    python = tmp_path / "python3.13"
    python.mkdir(mode=0o755)
    tmp_path.chmod(0o700)
    commands = list(Root(tmp_path, tmp_path, None, keep=(python,)).commands())
    entry, inside = Path(*tmp_path.parts[:2]), f"{tmp_path}{python}"
    assert ["mkdir", "-p", inside] in commands
    assert ["mount", "--rbind", str(python), inside] in commands
    assert not any(command[-2] == str(entry) for command in commands)


def test_an_interpreter_where_the_package_belongs_is_an_error(tmp_path: Path) -> None:
    """Nothing can be both the function's package and something else."""
    root = Root(tmp_path, tmp_path, None, keep=(Path("/var/task/.venv"),))
    with pytest.raises(InterpreterInTheWay, match="move the checkout"):
        list(root.commands())


def test_an_interpreter_beside_a_private_directory_stays_reachable(tmp_path: Path) -> None:
    """What lies around the private one is not bound in, so each is for itself."""
    tmp_path.chmod(0o700)
    entry = Path(*tmp_path.parts[:2])
    commands = list(Root(tmp_path, tmp_path, None, keep=(entry, tmp_path)).commands())
    assert ["mount", "--rbind", str(entry), f"{tmp_path}{entry}"] in commands
    assert ["mount", "--rbind", str(tmp_path), f"{tmp_path}{tmp_path}"] in commands
