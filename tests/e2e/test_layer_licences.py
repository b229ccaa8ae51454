"""Whoever gets the layer can know all that is in it, and put another C library into it."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.plan import REPOSITORY, Build
from layer.build.targets import TARGETS, Target
from tests.e2e.linked import objects
from tests.rapid.layer import build, zip_of

PARTS = {
    "libc.a": "glibc",
    "libcrypto.a": "openssl",
    "libexpat.a": "expat",
    "libgcc.a": "gcc-14",
    "libgcc_eh.a": "gcc-14",
    "libm.a": "glibc",
    "libm-2.41.a": "glibc",
    "libmvec.a": "glibc",
    "libpython3.13.a": "python3.13",
    "libssl.a": "openssl",
    "libz.a": "zlib",
}
LAUNCHER, DATA = "musl", "ca-certificates"
TEXT, OTHER = b"No such file or directory", b"No such file in drawers.."


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_bill_of_materials_names_what_is_linked(target: Target) -> None:
    """By the libraries that the linker took objects of, and no other."""
    linked = {PARTS[each.library] for each in objects(target)}
    with zipfile.ZipFile(zip_of(target)) as members:
        bill = json.loads(members.read("warmkey/sbom.cdx.json"))
    assert {part["name"] for part in bill["components"]} == linked | {LAUNCHER, DATA}


def test_another_c_library_can_be_linked_in(tmp_path: Path) -> None:
    """As NOTICE.txt tells it, which the licence of the C library demands."""
    target, usual = targets.host(), build()
    zip_of(target)  # so that all is built
    work = tmp_path / "layer"
    shutil.copytree(REPOSITORY / "build/layer", work, symlinks=True, copy_function=os.link)
    (library,) = work.glob(f"{target.name}/sysroot/usr/lib/*-linux-gnu/libc.a")
    changed = library.read_bytes().replace(TEXT, OTHER)
    library.unlink()  # the other build has the same file
    library.write_bytes(changed)
    shutil.rmtree(work / target.name / "interpreter")
    with zipfile.ZipFile(zip_of(target)) as members:
        assert OTHER not in members.read("warmkey/warmkey")
    with zipfile.ZipFile(Build(usual.lock, work).layers([target], tmp_path)[0]) as members:
        assert OTHER in members.read("warmkey/warmkey")
