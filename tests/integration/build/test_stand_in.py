"""What the layer is built from where the locked files are, where they are gone, and offline."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.inputs import renewal
from layer.build.inputs.archive import WrongFile
from layer.build.inputs.lock import SOURCE, Lock
from layer.build.inputs.mirrors import (
    APT_HELPER,
    MIRROR_VARIABLE,
    SECURITY,
    SNAPSHOT_VARIABLE,
    ArchiveError,
)
from layer.build.inputs.renewal import EMULATOR, KEYRING_PACKAGE, PACKAGES, PYTHON, TESTSUITE
from layer.build.plan import Build
from layer.build.stand_in import CURRENT, note, obtain, standing
from tests.fakes.debian_archive import SNAPSHOTS, DebianArchive, File, SigningKey, keyring, package
from tests.fakes.http_service import Delivery

pytestmark = [
    pytest.mark.skipif(not APT_HELPER.exists(), reason="there is no apt here"),
    pytest.mark.skipif(not shutil.which("gpg"), reason="there is no gpg: `make tools` installs it"),
]

MADE = datetime(2026, 11, 22, 2, 41, 41, tzinfo=UTC)
A_DAY_LATER = "20261123T024141Z"
REPLACED = "libssl-dev"


@pytest.fixture(scope="module")
def key() -> Iterator[SigningKey]:
    """What Debian signs with, here."""
    with SigningKey() as made:
        yield made


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[DebianArchive]:
    """The archive that this machine's apt is led to, which it asks once."""
    with DebianArchive() as running:
        monkeypatch.setenv(MIRROR_VARIABLE, running.mirror)
        monkeypatch.setenv(SNAPSHOT_VARIABLE, running.snapshots)
        (tmp_path / "apt.conf").write_text('Acquire::Retries "0";\n', "utf-8")
        monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
        yield running


def suite(key: SigningKey, version: str) -> list[File]:
    """All that the layer is built from; `REPLACED` in this version, the security suite's."""
    files = [keyring(key), package(PYTHON, "3.13.5", b"source", architecture=SOURCE)]
    files += [package(TESTSUITE, "3.13.5", b"tests")]
    for target in targets.TARGETS:
        for name in (*PACKAGES, EMULATOR):
            if name != REPLACED:
                number = "3.13.5" if PYTHON in name else "1"
                contents = f"{name} {target.name}".encode()
                files.append(package(name, number, contents, architecture=target.debian))
        contents = f"{REPLACED} {version} {target.name}".encode()
        replaced = package(
            REPLACED, version, contents, architecture=target.debian, archive=SECURITY
        )
        files.append(replaced)
    return files


@pytest.fixture
def old(key: SigningKey, archive: DebianArchive) -> list[File]:
    """What is locked, and current."""
    files = suite(key, "1")
    archive.publish(key, files)
    return files


@pytest.fixture
def lock(old: list[File], tmp_path: Path) -> Path:
    """The lock."""
    Lock.of((file.about for file in old), MADE).write(tmp_path / "inputs.lock")
    return tmp_path / "inputs.lock"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The build's folder, whose path has a space in it."""
    return tmp_path / "the build"


def run(lock: Path, work: Path) -> Build:
    """What `make run` and `make test` do first."""
    return obtain(work, targets.TARGETS, or_current=True, lock=lock)


def replaced(files: list[File]) -> list[File]:
    """Those of the package that an update replaces, one for each architecture."""
    return [file for file in files if file.about.package == REPLACED]


def versions(build: Build) -> set[str]:
    """In which versions a build has the package that an update replaces."""
    return {each.version for each in build.lock.inputs if each.package == REPLACED}


def fetched(work: Path) -> set[str]:
    """The files that are there."""
    return {file.name for file in (work / "inputs").iterdir()}


def test_locked_files_come_from_the_mirror(
    archive: DebianArchive, lock: Path, work: Path, old: list[File]
) -> None:
    """Nothing else is asked for: no index, no snapshot."""
    assert not run(lock, work).lock.unlocked
    locked = {file.about.path for file in old}
    assert set(archive.asked) < locked
    assert {REPLACED, PYTHON} <= {name.split("_")[0] for name in fetched(work)}


def test_package_dropped_by_the_mirror_comes_from_the_snapshot_archive(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path, old: list[File]
) -> None:
    """As it was a day after the lock was made; only for what the mirror does not have."""
    archive.publish(key, suite(key, "2"))
    archive.keep(A_DAY_LATER, *replaced(old))
    build = obtain(work, targets.TARGETS, or_current=False, lock=lock)
    assert not build.lock.unlocked
    assert versions(build) == {"1"}
    assert sorted(path for path in archive.asked if path.startswith(SNAPSHOTS)) == sorted(
        f"{SNAPSHOTS}/{SECURITY}/{A_DAY_LATER}/{file.about.path.removeprefix(f'{SECURITY}/')}"
        for file in replaced(old)
    )


def test_package_gone_from_both_is_replaced_by_debians_current_version(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """Which says so, in one line; and is marked, whatever is built of it."""
    archive.publish(key, suite(key, "2"))
    build = run(lock, work)
    assert build.lock.unlocked
    assert versions(build) == {"2"}
    assert f"{REPLACED}_2_amd64.deb" in fetched(work)
    said = note(build.lock, lock)
    assert said.startswith(f"Not the locked layer: Debian has replaced {REPLACED}; ")
    assert "\n" not in said
    assert note(Lock.read(lock), lock) == ""


def test_the_layer_itself_is_not_built_of_what_is_not_locked(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """Two commands mend it, and they are named; Debian's index is not even asked for."""
    archive.publish(key, suite(key, "2"))
    with pytest.raises(ArchiveError) as refused:
        obtain(work, targets.TARGETS, or_current=False, lock=lock)
    said = str(refused.value)
    assert f"{REPLACED} 1 (amd64) is not to be had: the mirror {archive.mirror} " in said
    assert f"the snapshot archive {archive.snapshots} no longer holds it" in said
    assert said.endswith("`make layer-update`, then `make layer`")
    assert not [path for path in archive.asked if "/dists/" in path]


@pytest.mark.parametrize("current", ["1", "2"], ids=["locked", "standing in"])
def test_the_second_time_nothing_is_asked(
    current: str, key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """There may be no network."""
    archive.publish(key, suite(key, current))
    run(lock, work)
    archive.asked.clear()
    assert versions(run(lock, work)) == {current}
    assert standing(work, lock).unlocked == (current == "2")
    assert archive.asked == []


def test_tests_are_run_on_what_stands_in(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """Until the lock is renewed."""
    archive.publish(key, suite(key, "2"))
    assert standing(work, lock) == Lock.read(lock)
    built = run(lock, work).lock
    assert standing(work, lock) == built
    Lock.of(built.inputs, MADE).write(lock)
    assert standing(work, lock) == Lock.read(lock)


def test_stand_in_is_forgotten_when_the_locked_files_are_available_again(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path, old: list[File]
) -> None:
    """By who builds the layer, for example."""
    archive.publish(key, suite(key, "2"))
    run(lock, work)
    archive.keep(A_DAY_LATER, *replaced(old))
    obtain(work, targets.TARGETS, or_current=False, lock=lock)
    assert not standing(work, lock).unlocked
    assert not run(lock, work).lock.unlocked


def test_stand_in_is_replaced_when_it_is_gone_too(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """And had not been fetched for every architecture."""
    archive.publish(key, suite(key, "2"))
    run(lock, work)
    (work / "inputs" / f"{REPLACED}_2_arm64.deb").unlink()
    archive.publish(key, suite(key, "3"))
    assert versions(run(lock, work)) == {"3"}


@pytest.mark.parametrize("where", ["the mirror", "the snapshot archive"])
def test_a_wrong_file_stops_everything(
    where: str, key: SigningKey, archive: DebianArchive, lock: Path, work: Path, old: list[File]
) -> None:
    """It is no missing one: no other place is asked, and nothing stands in."""
    archive.publish(key, suite(key, "2"))
    others = [File(file.about, b"something else") for file in replaced(old)]
    if where == "the mirror":
        archive.hold(*others)
    else:
        archive.keep(A_DAY_LATER, *others)
    with pytest.raises(WrongFile, match=rf"{REPLACED} 1 .* from {where} .* tampered with"):
        run(lock, work)
    assert not [path for path in archive.asked if "/dists/" in path]
    assert where != "the mirror" or not [p for p in archive.asked if p.startswith(SNAPSHOTS)]
    assert not (work / CURRENT).exists()
    assert not [name for name in fetched(work) if name.startswith(REPLACED)]


def test_a_download_that_breaks_off_goes_on_at_the_next_place(
    archive: DebianArchive, lock: Path, work: Path, old: list[File]
) -> None:
    """What had come of it is not left behind."""
    for file in replaced(old):
        archive.deliveries[file.about.path] = Delivery.TRUNCATED
    archive.keep(A_DAY_LATER, *old)
    assert versions(run(lock, work)) == {"1"}
    assert not [name for name in fetched(work) if name.endswith((".FAILED", ".partial"))]


def test_an_index_that_somebody_else_has_signed_is_refused(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """Nothing stands in that Debian has not signed."""
    with SigningKey() as strange:
        archive.publish(strange, suite(key, "2"))
    with pytest.raises(ArchiveError, match=r"Nor can Debian's current versions(.|\n)*sign"):
        run(lock, work)
    assert not standing(work, lock).unlocked


def test_an_index_that_is_not_signed_is_refused_whatever_the_machine_permits(
    key: SigningKey, archive: DebianArchive, lock: Path, work: Path, tmp_path: Path
) -> None:
    """What a developer permits for the system does not hold for the layer."""
    permitted = 'Acquire::Retries "0";\nAcquire::AllowInsecureRepositories "true";\n'
    permitted += 'APT::Get::AllowUnauthenticated "true";\n'
    (tmp_path / "apt.conf").write_text(permitted, "utf-8")
    archive.publish(key, suite(key, "2"))
    for path in [path for path in archive.files if path.endswith("/InRelease")]:
        text = archive.files.pop(path).decode().split("\n\n", 1)[1].split("-----BEGIN")[0]
        archive.files[path.replace("InRelease", "Release")] = text.encode()
    with pytest.raises(ArchiveError, match="not signed"):
        run(lock, work)


def test_the_keys_of_the_machine_serve_where_the_locked_ones_are_gone(
    monkeypatch: pytest.MonkeyPatch,
    key: SigningKey,
    archive: DebianArchive,
    lock: Path,
    work: Path,
    tmp_path: Path,
) -> None:
    """Debian has them installed; elsewhere the package that brings them is named."""
    others = [file for file in suite(key, "2") if file.about.package != KEYRING_PACKAGE]
    archive.publish(key, [*others, keyring(key, "2")])
    monkeypatch.setattr(renewal, "KEYRING", str(tmp_path / "keys.gpg"))
    with pytest.raises(ArchiveError, match="apt-get install debian-archive-keyring"):
        run(lock, work)
    (tmp_path / "keys.gpg").write_bytes(key.public)
    assert versions(run(lock, work)) == {"2"}


def test_places_that_can_t_be_reached_are_all_named(
    monkeypatch: pytest.MonkeyPatch, archive: DebianArchive, lock: Path, work: Path
) -> None:
    """With what apt says of it."""
    nowhere = archive.mirror
    archive.__exit__()
    monkeypatch.setenv(MIRROR_VARIABLE, nowhere)
    with pytest.raises(ArchiveError) as error:
        run(lock, work)
    said = str(error.value)
    assert f"the mirror {nowhere} cannot be reached: Could not connect" in said
    assert f"the snapshot archive {nowhere}/{SNAPSHOTS} cannot be reached: Could not" in said
    assert "Nor can Debian's current versions stand in for it" in said
