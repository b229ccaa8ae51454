"""The architectures that the layer is built for, and what each tool calls them."""

import platform
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One architecture.

    Attributes:
        name: Lambda's name for it, and the zip's.
        debian: Debian's name.
        triple: The GNU triple, Debian's multiarch folder.
        emulation: What `ld.lld -m` calls it.
        machine: The oldest processor that the executables run on, as a flag of clang's.
        emulator: QEMU's name for the emulator of a process of this architecture.
        processor: QEMU's name for that oldest processor.
        build_processor: QEMU's name for one that has what `suppose_processor` in
            layer/interpreter/played.h asks for, and is emulated fast.
    """

    name: str
    debian: str
    triple: str
    emulation: str
    machine: str
    emulator: str
    processor: str
    build_processor: str

    @property
    def musl_triple(self) -> str:
        """The triple of the launcher's C library, and its multiarch folder."""
        return self.triple.replace("-gnu", "-musl")


X86_64 = Target(
    name="x86_64",
    debian="amd64",
    triple="x86_64-linux-gnu",
    emulation="elf_x86_64",
    machine="-march=x86-64-v2",
    emulator="qemu-x86_64",
    processor="Nehalem",
    build_processor="max",
)
ARM64 = Target(
    name="arm64",
    debian="arm64",
    triple="aarch64-linux-gnu",
    emulation="aarch64linux",
    machine="-march=armv8-a",
    emulator="qemu-aarch64",
    processor="cortex-a53",
    build_processor="cortex-a53",
)
TARGETS = (X86_64, ARM64)


def named(name: str) -> Target:
    """Find a target by Lambda's, Debian's or the kernel's name for it.

    Raises:
        ValueError: Nothing is built for that architecture.
    """
    for target in TARGETS:
        if name in (target.name, target.debian, target.triple.partition("-")[0]):
            return target
    known = ", ".join(target.name for target in TARGETS)
    raise ValueError(f"no architecture is called {name!r}; there are {known}")


def host() -> Target:
    """The architecture of this machine, whose interpreter freezes the modules for both."""
    return named(platform.machine())
