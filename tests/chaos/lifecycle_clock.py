"""The wall clock of one process, moved while it stands still, as after a freeze of hours.

A static executable loads no library that could lie to it, time namespaces move only the other
clocks, and the machine's own clock is not ours to move. But every process asks for the time in a
page of code that the kernel maps into it, the vDSO (vdso(7)): there, what answers for
`CLOCK_REALTIME` is written over with code that adds some seconds.
"""

import os
import platform
import struct
from pathlib import Path

_SYMBOL = b"__vdso_clock_gettime\0"
_DYNAMIC_SYMBOLS = 11  # SHT_DYNSYM, elf(5)
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL_ENTRY = struct.Struct("<IBBHQQ")


def movable() -> bool:
    """Whether the clock of another process can be moved here: by root, where x86_64 is spoken."""
    return os.geteuid() == 0 and platform.machine() == "x86_64"


def move_clock(pid: int, seconds: int) -> None:
    """Move the wall clock of a process that is stopped; the last move counts.

    Args:
        pid: The process.
        seconds: By how much, from the machine's own clock.
    """
    code = (
        b"\xb8\xe4\x00\x00\x00"  # mov eax, 228: clock_gettime
        b"\x0f\x05"  # syscall
        b"\x85\xff"  # test edi, edi: is it CLOCK_REALTIME?
        b"\x75\x07"  # jnz past the next
        + b"\x48\x81\x06"  # add qword ptr [rsi], seconds
        + struct.pack("<i", seconds)
        + b"\xc3"  # ret
    )
    start, _ = _vdso(pid)
    with Path(f"/proc/{pid}/mem").open("r+b", buffering=0) as memory:
        memory.seek(start + _offset())
        memory.write(code)


def _vdso(pid: int) -> tuple[int, int]:
    """Where the vDSO of a process begins, and its size in bytes."""
    lines = Path(f"/proc/{pid}/maps").read_text("ascii").splitlines()
    place = next(line for line in lines if line.endswith("[vdso]")).split()[0]
    first, last = (int(address, 16) for address in place.split("-"))
    return first, last - first


def _offset() -> int:
    """Where the vDSO, which is the same in every process, has its clock_gettime."""
    start, size = _vdso(os.getpid())
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        memory.seek(start)
        image = memory.read(size)
    table, count = struct.unpack_from("<Q", image, 40)[0], struct.unpack_from("<H", image, 60)[0]
    sections = [_SECTION.unpack_from(image, table + i * _SECTION.size) for i in range(count)]
    symbols = next(section for section in sections if section[1] == _DYNAMIC_SYMBOLS)
    names = sections[symbols[6]][4]
    for at in range(symbols[4], symbols[4] + symbols[5], _SYMBOL_ENTRY.size):
        name, _, _, _, value, _ = _SYMBOL_ENTRY.unpack_from(image, at)
        if image.startswith(_SYMBOL, names + name):
            return int(value)
    raise LookupError("the vDSO has no clock_gettime")
