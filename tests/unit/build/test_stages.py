"""A stage is made again when, and only when, something that it is made from has changed."""

from pathlib import Path

import pytest

from layer.build.stages import Key, digest, stage


class Maker:
    """Makes a file, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, into: Path) -> None:
        """Make it."""
        self.times += 1
        into.write_text(str(self.times), "utf-8")


@pytest.fixture
def make() -> Maker:
    """One that has made nothing yet."""
    return Maker()


def test_a_stage_is_made_once_from_the_same(tmp_path: Path, make: Maker) -> None:
    """The second time nothing is done."""
    for _ in range(2):
        assert stage(tmp_path / "deep/out", ["a"], make).read_text("utf-8") == "1"
    assert make.times == 1


def test_a_stage_is_made_again_from_something_else(tmp_path: Path, make: Maker) -> None:
    """Whatever was there is replaced."""
    stage(tmp_path / "out", ["a"], make)
    assert stage(tmp_path / "out", ["b"], make).read_text("utf-8") == "2"


def test_a_stage_is_made_again_where_it_is_gone(tmp_path: Path, make: Maker) -> None:
    """The stamp alone is no output."""
    stage(tmp_path / "out", ["a"], make).unlink()
    assert stage(tmp_path / "out", ["a"], make).read_text("utf-8") == "2"


def test_failed_stage_leaves_nothing(tmp_path: Path, make: Maker) -> None:
    """Half an output must not pass for one."""

    def fail(into: Path) -> None:
        into.write_text("half", "utf-8")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        stage(tmp_path / "out", ["a"], fail)
    assert not (tmp_path / "out").exists()
    assert stage(tmp_path / "out", ["a"], make).read_text("utf-8") == "1"


def test_a_folder_counts_by_names_and_contents(tmp_path: Path) -> None:
    """Not by where it is, nor by what was compiled in it."""
    digests = []
    for name, file in (("a", "x"), ("b", "x"), ("c", "y")):
        (tmp_path / name / "__pycache__").mkdir(parents=True)
        (tmp_path / name / "__pycache__" / name).write_text(name, "utf-8")
        (tmp_path / name / file).write_text("same", "utf-8")
        digests.append(digest([tmp_path / name]))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("one", "other"), [(["ab", "c"], ["a", "bc"]), (["a", "b"], ["b", "a"]), ([], [""])]
)
def test_different_keys_have_different_digests(one: Key, other: Key) -> None:
    """Where one ends and the next begins counts, and so does the order."""
    assert digest(one) != digest(other)
