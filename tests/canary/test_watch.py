"""The watch sees what it is there to see."""

import tempfile
from pathlib import Path

import pytest

from tests.canary.temporary_files import TemporaryFiles
from tests.canary.watch import Leak, Watch

SECRET = 'canary-0c5e "quoted" and with ü'


@pytest.fixture
def watch() -> Watch:
    """A watch of its own, that knows one value and one key."""
    watch = Watch()
    known = watch.known_secrets()
    known.add(SECRET)
    known.add(b"\0\1binary secret")
    known.add_key("a-session-token")
    return watch


def assert_seen(watch: Watch, place: str) -> None:
    """Assert that a leak is reported, by its place and without the secret."""
    with pytest.raises(Leak) as leak:
        watch.look()
    assert place in str(leak.value)
    assert "canary" not in str(leak.value)


@pytest.mark.parametrize(
    "text",
    [
        f"before\nand {SECRET} after",
        'canary-0c5e \\"quoted\\" and with \\u00fc',
        "Y2FuYXJ5LTBjNWUgInF1b3RlZCIgYW5kIHdpdGggw7w=",
        "AAFiaW5hcnkgc2VjcmV0",
        "a-session-token",
    ],
    ids=["as it is", "in JSON", "in base64", "binary", "a key"],
)
def test_a_secret_in_a_text_is_seen(watch: Watch, text: str) -> None:
    """In whichever form."""
    watch.note("a place", text)
    assert_seen(watch, "a place")
    watch.look()  # it was said once


def test_a_key_is_let_be_where_keys_belong(watch: Watch) -> None:
    """A value is not."""
    watch.note("environ", "TOKEN=a-session-token", keys_allowed=True)
    watch.look()
    watch.note("environ", f"KEY={SECRET}", keys_allowed=True)
    assert_seen(watch, "environ: KEY=")


def test_the_secrets_of_a_fake_that_has_ended_are_forgotten_only_when_told() -> None:
    """Until then what came out last is still looked at."""
    watch = Watch()
    known = watch.known_secrets()
    known.add(SECRET)
    known.closed = True
    watch.note("a place", SECRET)
    assert_seen(watch, "a place")
    watch.forget()
    assert not watch.knows_any


class Printed:
    """What a process prints, bit by bit."""

    text, ended = "", False


def test_process_output_is_followed_line_by_line(watch: Watch) -> None:
    """A line may be half there at one look, and whole at the next."""
    printed = Printed()
    watch.follow(printed)
    printed.text = f"one line\nand {SECRET[:9]}"
    watch.look()
    printed.text += f"{SECRET[9:]}\nanother"
    assert_seen(watch, "printed: and ")
    watch.look()


def test_a_file_that_was_left_is_found(tmp_path: Path) -> None:
    """In a folder, too; not what was there before, nor what others or the tests write."""
    old, changed = tmp_path / "warmkey.old", tmp_path / "warmkey.changed"
    for file in (old, changed):
        file.write_text("as it was")
    files = TemporaryFiles(tmp_path)
    changed.write_text(changed.name)
    for name in ("core.1", "python/deep", "tmpnew", "warmkey-own/file", "others"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = {str(path.relative_to(tmp_path)): text for path, text in files.texts()}
    names = ("core.1", "python/deep", "tmpnew", "warmkey.changed")
    assert found == {name: name for name in names}


def test_a_file_that_was_left_is_found_among_many(tmp_path: Path) -> None:
    """Which others have left meanwhile, or remove while they are looked at."""
    files = TemporaryFiles(tmp_path)
    for number in range(500):
        (tmp_path / f"tmp{number}").touch()
    (tmp_path / "warmkey.left").write_text("left")
    found = {}
    for path, text in files.texts():
        for number in range(250):
            (tmp_path / f"tmp{number}").unlink(missing_ok=True)
        found[path.name] = text
    assert found["warmkey.left"] == "left"


def test_the_tests_temporary_files_are_in_a_folder_of_their_own() -> None:
    """So that no other run of tests takes them for its own, and it is watched."""
    with tempfile.NamedTemporaryFile() as shared:
        own = Path(shared.name).parent
        assert own != Path("/tmp")  # noqa: S108 - it is only compared
        files = TemporaryFiles()
        left = own / "warmkey.left"
        left.write_text("left")
        assert (left, "left") in list(files.texts())
        left.unlink()
