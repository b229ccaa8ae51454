"""The launcher: one C file and musl."""

from pathlib import Path

from layer.build.executables.toolchain import LINK_FLAGS, compile_c, link
from layer.build.inputs.sysroot import Sysroot

LAYER = Path(__file__).parents[2]
SOURCE = LAYER / "launcher/launcher.c"
SOURCES = (SOURCE, LAYER / "interpreter/traced.h")
COMPILE_FLAGS = (
    "-Os",
    "-fno-pie",
    "-fstack-protector-strong",
    "-ffunction-sections",
    "-Wall",
    "-Wextra",
    "-Werror",
)


def build(sysroot: Sysroot, output: Path, source: Path = SOURCE) -> None:
    """Build the launcher; beside it `linked.txt` names the files that the linker took.

    Args:
        sysroot: The unpacked packages.
        output: Where the executable goes.
        source: The C file; tests build others in the same way.
    """
    target, at = sysroot.target, sysroot.musl
    compiled = output.with_name("main.o")
    compile_c(
        source,
        compiled,
        triple=target.musl_triple,
        flags=(*COMPILE_FLAGS, target.machine),
        headers=sysroot.musl_headers,
    )
    parts = [at / "crt1.o", at / "crti.o", compiled, at / "libc.a", at / "crtn.o"]
    linked = link(["-m", target.emulation, *LINK_FLAGS, "--strip-all", *parts], output)
    output.with_name("linked.txt").write_text("\n".join(linked), encoding="utf-8")
