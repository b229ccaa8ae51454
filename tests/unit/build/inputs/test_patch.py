"""Debian's patches are applied strictly: all context must match."""

from pathlib import Path

import pytest

from layer.build.inputs import patch

CHANGE = """\
Description: of a patch
--- a/Modules/x.c
+++ b/Modules/x.c
@@ -2,3 +2,3 @@ function
 two
-three
+THREE
 four
--- a/Lib/y.py
+++ b/Lib/y.py
@@ -1 +1 @@
-old
+new
"""


def module(root: Path, text: str) -> Path:
    """The file Modules/x.c."""
    file = root / "Modules/x.c"
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    return file


def test_a_hunk_replaces_its_lines(tmp_path: Path) -> None:
    """And no others."""
    file = module(tmp_path, "one\ntwo\nthree\nfour\nfive\n")
    assert patch.apply(CHANGE, tmp_path, "Modules") == ["Modules/x.c"]
    assert file.read_text("utf-8") == "one\ntwo\nTHREE\nfour\nfive\n"


def test_files_elsewhere_are_left_out(tmp_path: Path) -> None:
    """What was not unpacked need not be patched."""
    module(tmp_path, "one\ntwo\nthree\nfour\n")
    patch.apply(CHANGE, tmp_path, "Modules")
    assert not (tmp_path / "Lib").exists()


def test_a_hunk_is_found_where_the_lines_have_moved(tmp_path: Path) -> None:
    """As the patches before it may have added some; the nearest place counts."""
    file = module(tmp_path, "two\nthree\nfour\n" + "x\n" * 9 + "two\nthree\nfour\n")
    patch.apply(CHANGE, tmp_path, "Modules")
    assert file.read_text("utf-8").startswith("two\nTHREE\nfour\nx\n")


@pytest.mark.parametrize("text", ["one\ntwo\nthree!\nfour\n", "", "two\nthree\n"])
def test_a_hunk_that_does_not_fit_is_an_error(tmp_path: Path, text: str) -> None:
    """No line of context is overlooked."""
    module(tmp_path, text)
    with pytest.raises(patch.PatchError, match=r"Modules/x\.c: the hunk at line 2"):
        patch.apply(CHANGE, tmp_path, "Modules")


def test_a_new_file_is_made(tmp_path: Path) -> None:
    """In a folder that may be new, too."""
    text = "--- /dev/null\n+++ b/Modules/new/n.h\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    patch.apply(text, tmp_path, "Modules")
    assert (tmp_path / "Modules/new/n.h").read_text("utf-8") == "a\nb\n"


def test_a_later_hunk_counts_from_what_the_earlier_made(tmp_path: Path) -> None:
    """Lines that were added or removed shift it."""
    text = (
        "--- a/Modules/x.c\n+++ b/Modules/x.c\n@@ -1,1 +1,3 @@\n+n\n+n\n a\n@@ -3 +5 @@\n-a\n+z\n"
    )
    file = module(tmp_path, "a\na\na\n")
    patch.apply(text, tmp_path, "Modules")
    assert file.read_text("utf-8") == "n\nn\na\na\nz\n"
