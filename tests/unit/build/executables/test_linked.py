"""What the linker took is told by paths that stay right."""

from pathlib import Path

from layer.build import targets
from layer.build.contents.tree import Parts
from layer.build.executables.toolchain import compile_c, link
from layer.build.inputs.sysroot import Sysroot

PROGRAM = "void _start(void) { for (;;); }"


def test_linked_files_are_found_in_a_build_that_was_moved(tmp_path: Path) -> None:
    """Its stages are not made again, and a bill of materials lists what is of whom."""
    build, target = tmp_path / "build", targets.host()
    for stage in ("interpreter", "launcher"):
        folder = build / stage
        folder.mkdir(parents=True)
        (folder / "main.c").write_text(PROGRAM)
        compile_c(folder / "main.c", folder / "main.o", triple=target.triple, flags=(), headers=())
        taken = link(["-m", target.emulation, "--trace", folder / "main.o"], folder / "warmkey")
        (folder / "linked.txt").write_text("\n".join(taken))
    moved = build.rename(tmp_path / "moved")
    sysroot = Sysroot(target, moved / "sysroot", moved / "source")
    parts = Parts(sysroot, moved / "interpreter", moved / "launcher")
    assert list(parts.linked()) == [
        str(moved / "interpreter/main.o"),
        str(moved / "launcher/main.o"),
    ]
