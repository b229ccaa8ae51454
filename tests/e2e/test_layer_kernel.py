"""What the layer needs of a kernel, and what it can do without."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables.elf import Elf
from tests.e2e.layer_root import build_c
from tests.e2e.memory_cgroup import NoCgroupError, cgroup
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack, zip_of

OLD_KERNEL = Path(__file__).with_name("old_kernel.c")
MEMORY = 128 << 20  # bytes: Lambda's smallest
LOWEST = 1 << 21
"""Where the executable begins: far above the `vm.mmap_min_addr` of any distribution, 64 KB."""
HIGHEST = 1 << 26
PAGE = 4096
EXECUTABLE = 1
STACK = 0x6474E551


CALLS = """
import ctypes, mmap
libc, memory = ctypes.CDLL(None, use_errno=True), mmap.mmap(-1, 4096)
at = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
for call in (
    lambda: libc.madvise(at, 4096, 22),
    lambda: libc.madvise(at, 4096, 23),
    lambda: libc.personality(0x40000),
    lambda: libc.syscall(441, 0),
    lambda: libc.madvise(at, 4096, 1),
):
    print(ctypes.get_errno() if call() else 0)
"""
"""Calls that are refused, and one that is not."""


@pytest.fixture(scope="module")
def old_kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What runs a program as on Linux 5.10."""
    program = tmp_path_factory.mktemp("kernel") / "old_kernel"
    build_c(OLD_KERNEL, program)
    tried = subprocess.run([program, "/bin/true"], check=False)  # noqa: S603
    if tried.returncode:
        pytest.skip("this kernel, or what runs us, refuses seccomp filters")
    return program


def serves(layer: Path, aws: FakeAws, api: FakeRuntimeApi, *command: str) -> Iterator[Daemon]:
    """Start the layer by a command, and read a secret."""
    aws.parameters.put("/key", "value")
    own = {**aws.environment(), "KEY": "warmkey:/key"}
    with Daemon(layer, api, own, command=command) as daemon:
        daemon.wait_until_ready()
        assert daemon.read("KEY") == "value"
        yield daemon


def test_linux_5_10_is_enough(
    layer: Path, aws: FakeAws, api: FakeRuntimeApi, old_kernel: Path
) -> None:
    """Neither pages that are populated at once, which only save time, nor a personality."""
    for daemon in serves(layer, aws, api, str(old_kernel)):
        assert daemon.logged("ERROR") == []


def test_the_old_kernel_is_old(old_kernel: Path) -> None:
    """Or the test before could not fail."""
    command = [str(old_kernel), sys.executable, "-c", CALLS]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    refused = [errno.EINVAL, errno.EINVAL, errno.EPERM, errno.ENOSYS]
    assert done.stdout.split() == [*map(str, refused), "0"]


@pytest.mark.parametrize("randomised", [True, False])
def test_the_layer_starts_with_and_without_random_addresses(
    layer: Path, aws: FakeAws, api: FakeRuntimeApi, randomised: bool
) -> None:
    """Where they are off, too, as under a debugger or some emulators."""
    command = () if randomised else ("setarch", "--addr-no-randomize")
    if not randomised and subprocess.run([*command, "true"], check=False).returncode:  # noqa: S603
        pytest.skip("what runs us refuses to change the personality")
    for daemon in serves(layer, aws, api, *command):
        assert daemon.logged("ERROR") == []


def test_the_layer_starts_within_128_mb_of_addresses(
    layer: Path, aws: FakeAws, api: FakeRuntimeApi
) -> None:
    """As hard as a limit can be: reserved addresses count, too, stacks and code among them."""
    for daemon in serves(layer, aws, api, "prlimit", f"--as={MEMORY}"):
        limits = Path(f"/proc/{daemon.process.pid}/limits").read_text("ascii")
        assert str(MEMORY) in limits
        assert daemon.logged("ERROR") == []


def test_the_layer_starts_within_128_mb_of_memory(
    layer: Path, aws: FakeAws, api: FakeRuntimeApi
) -> None:
    """Beyond which the kernel would end it: what it has read of files counts, too."""
    try:
        with cgroup(MEMORY) as group:
            for daemon in serves(layer, aws, api, *group.command):
                members = (group.folder / "cgroup.procs").read_text("ascii").split()
                assert str(daemon.process.pid) in members
                assert daemon.logged("ERROR") == []
            assert 0 < int(group.peak.read_text("ascii")) < MEMORY
    except NoCgroupError as reason:
        pytest.skip(f"there is no control group to be had: {reason}")


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_its_addresses_are_free_on_any_kernel(target: targets.Target, tmp_path: Path) -> None:
    """It lies between 2 and 64 MB, in pages of 4 KB, and its stack can't be executed."""
    executable = Elf((unpack(tmp_path, zip_of(target)) / "warmkey/warmkey").read_bytes())
    loaded = executable.loaded
    assert min(each.address for each in loaded) >= LOWEST
    assert max(each.address + each.in_memory for each in loaded) <= HIGHEST
    assert {each.align for each in loaded} == {PAGE}
    assert [each.flags & EXECUTABLE for each in executable.segments if each.type == STACK] == [0]
