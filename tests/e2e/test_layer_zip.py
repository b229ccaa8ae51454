"""What lies in the zips, how large it is, and that it is the same bytes every time."""

import hashlib
import json
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest

from extension import VERSION
from layer.build import targets
from layer.build.contents.sbom import INPUTS, LOCKED, UNLOCKED
from layer.build.executables import roots
from layer.build.inputs.lock import Lock
from layer.build.plan import REPOSITORY
from layer.build.stand_in import CURRENT
from layer.build.targets import Target
from tests.rapid.layer import build, unpack, zip_of

MEGABYTE = 1_000_000
EXECUTABLES = {"extensions/warmkey", "warmkey-exec", "warmkey/warmkey"}
DATA = {"warmkey/sbom.cdx.json", "warmkey/licences/NOTICE.txt"}
LICENCES = {
    *("warmkey", "python3.13", "openssl", "glibc", "gcc-14", "zlib", "musl"),
    "ca-certificates",
}
MACHINES = {"x86_64": 62, "arm64": 183}
STATIC_EXECUTABLE, INTERPRETER = 2, 3


@pytest.fixture(scope="module", params=targets.TARGETS, ids=lambda target: target.name)
def target(request: pytest.FixtureRequest) -> Target:
    """Each architecture."""
    found: Target = request.param
    return found


@pytest.fixture(scope="module")
def members(target: Target) -> dict[str, tuple[zipfile.ZipInfo, bytes]]:
    """The zip's members by name, with their contents."""
    with zipfile.ZipFile(zip_of(target)) as archive:
        return {m.filename: (m, archive.read(m)) for m in archive.infolist()}


def test_everything_is_where_lambda_looks(
    members: dict[str, tuple[zipfile.ZipInfo, bytes]],
) -> None:
    """The extension, the interpreter, the wrapper, the clients for Python and Node.js."""
    clients = {"python/warmkey/__init__.py", "nodejs/node_modules/warmkey/package.json"}
    assert members.keys() >= EXECUTABLES | DATA | clients
    assert [n for n in members if n.startswith("extensions/")] == ["extensions/warmkey"]


def test_test_only_code_stays_out_of_the_zip(
    members: dict[str, tuple[zipfile.ZipInfo, bytes]],
) -> None:
    """It comes with the package on PyPI."""
    assert not [name for name in members if "testing" in name or "pytest" in name]


def test_the_client_for_python_is_compiled_for_the_runtime_of_the_builds_own_version(
    tmp_path: Path,
) -> None:
    """It runs whatever its source says by now: a read-only /opt keeps no bytecode."""
    opt, python = unpack(tmp_path / "opt"), build().python(targets.host())
    for source in (opt / "python/warmkey").glob("*.py"):
        source.write_text("raise SystemExit('compiled anew')", encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [python.executable, "-S", "-c", "import warmkey; print(warmkey.Client.get.__doc__)"],
        env={"PYTHONHOME": str(python.home), "PYTHONPATH": str(opt / "python")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Read a secret as text."), done.stderr


def test_modes_are_those_of_programs_and_of_files(
    members: dict[str, tuple[zipfile.ZipInfo, bytes]],
) -> None:
    """755 for what is executed, 644 for the rest, whatever umask the build ran with."""
    modes = {name: stat.S_IMODE(m.external_attr >> 16) for name, (m, _) in members.items()}
    assert {name for name, mode in modes.items() if mode == 0o755} == EXECUTABLES
    assert {mode for name, mode in modes.items() if name not in EXECUTABLES} == {0o644}


def test_the_zip_is_small(
    target: Target, members: dict[str, tuple[zipfile.ZipInfo, bytes]]
) -> None:
    """At most 8 MB; the launcher, 64 KB."""
    assert zip_of(target).stat().st_size <= 8 * MEGABYTE
    assert len(members["extensions/warmkey"][1]) <= 64 * 1024


def test_programs_are_static_and_of_the_right_architecture(
    target: Target, members: dict[str, tuple[zipfile.ZipInfo, bytes]]
) -> None:
    """No loader is asked for, and no stack is executable."""
    for name in EXECUTABLES:
        program = members[name][1]
        assert program[:4] == b"\x7fELF"
        assert int.from_bytes(program[16:18], "little") == STATIC_EXECUTABLE
        assert int.from_bytes(program[18:20], "little") == MACHINES[target.name]
        assert INTERPRETER not in segments(program)


def test_no_program_names_a_folder_of_the_build(
    members: dict[str, tuple[zipfile.ZipInfo, bytes]],
) -> None:
    """Or the bytes would depend on where it was built."""
    for name in EXECUTABLES:
        assert str(REPOSITORY).encode() not in members[name][1]


def test_the_executable_brings_mozillas_roots(
    target: Target, members: dict[str, tuple[zipfile.ZipInfo, bytes]]
) -> None:
    """So that it needs no file beside it to know whom to trust."""
    table = roots.table(roots.mozilla(build().materials.sysroot(target).root))
    assert table in members["warmkey/warmkey"][1]


def test_every_linked_part_has_its_licence(
    members: dict[str, tuple[zipfile.ZipInfo, bytes]],
) -> None:
    """The text, and a line in the notice."""
    texts = {name for name in members if name.startswith("warmkey/licences/")}
    assert texts == {f"warmkey/licences/{name}.txt" for name in LICENCES | {"NOTICE"}}
    notice = members["warmkey/licences/NOTICE.txt"][1].decode()
    assert all(f"{name}.txt" in notice for name in LICENCES)
    assert "LGPL-2.1" in notice
    assert "make layer" in notice


def test_the_bill_of_materials_lists_what_it_is_built_from(
    target: Target, members: dict[str, tuple[zipfile.ZipInfo, bytes]]
) -> None:
    """Inside and beside the zip; each part with its package, and whether that is locked."""
    text = members["warmkey/sbom.cdx.json"][1]
    assert zip_of(target).with_suffix(".cdx.json").read_bytes() == text
    bill = json.loads(text)
    assert bill["metadata"]["component"]["version"] == VERSION
    assert bill["metadata"]["properties"] == [{"name": INPUTS, "value": said_of(build().lock)}]
    packages, sources = build().lock.packages(target.debian), build().lock.sources()
    locked = {i.sha256: i.version for i in packages}
    inputs = {f"{i.path} SHA-256 {i.sha256}" for i in (*packages, *sources)}
    parts = {part["name"]: part for part in bill["components"]}
    assert parts.keys() == LICENCES - {"warmkey"}
    for part in parts.values():
        assert locked[part["hashes"][0]["content"]] == part["version"]
        assert quote(part["version"], safe="") in part["purl"]
        assert {each["value"] for each in part["properties"]} <= inputs


def test_a_build_elsewhere_makes_the_same_bytes(target: Target, tmp_path: Path) -> None:
    """Another folder, another umask, another time."""
    copy = tmp_path / "another folder"
    bytecode = shutil.ignore_patterns("__pycache__")  # which others write at any moment
    for name in ("layer", "extension"):
        shutil.copytree(REPOSITORY / name, copy / name, symlinks=True, ignore=bytecode)
    shutil.copy(REPOSITORY / "LICENSE", copy)
    work = "build/layer"
    shutil.copytree(REPOSITORY / work / "inputs", copy / work / "inputs")
    for file in (REPOSITORY / work).glob(f"{CURRENT}*"):  # where it stands in for the lock
        shutil.copy(file, copy / work)
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "layer.build", "--or-current", target.name],
        cwd=copy,
        umask=0o077,
        check=True,
        capture_output=True,
    )
    again = copy / "dist" / zip_of(target).name
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (zip_of(target), again)]
    assert digests[0] == digests[1]


def said_of(lock: Lock) -> str:
    """What the bill says of what a layer is built from."""
    return UNLOCKED if lock.unlocked else LOCKED


def segments(program: bytes) -> set[int]:
    """The types of an ELF executable's segments, of 64 bits and little-endian."""
    at, size, count = (
        int.from_bytes(program[a:b], "little") for a, b in ((32, 40), (54, 56), (56, 58))
    )
    return {int.from_bytes(program[at + i * size :][:4], "little") for i in range(count)}
