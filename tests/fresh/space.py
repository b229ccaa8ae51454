"""Commands in namespaces of their own, which end with us and leave nothing."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE
from tests.rapid import processes

_LOOPBACK = "127.0.0.1"
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1
_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 0x4000, 0x40000
_LIBC = ctypes.CDLL(None, use_errno=True)
_WHOLE = "0 0 65536\n"
_HELD = 'echo && read -r _ && exec "$@"'  # it says that it is there, and waits for our word
_BINFMT = "/proc/sys/fs/binfmt_misc"
EMULATION = Path("/usr/lib/binfmt.d/qemu-aarch64.conf")
"""What Debian's QEMU registers with the kernel, so that executables for arm64 run."""
_EMULATING = (
    f'mount -t binfmt_misc none {_BINFMT} && cat {EMULATION} >{_BINFMT}/register && exec "$@"'
)


def keep_mounts() -> None:
    """Let nobody else see what this process mounts, so that it is gone when we are.

    Raises:
        OSError: The kernel refuses.
    """
    _succeeds(_LIBC.unshare(_CLONE_NEWNS))  # `os.unshare` from Python 3.12 on
    _succeeds(_LIBC.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))


def _succeeds(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@dataclass(frozen=True, slots=True)
class Space:
    """The namespaces of a command: always mounts and processes, and whichever are named.

    Attributes:
        users: A user namespace, in which everyone has the same number; what root sets there, like
            `user.max_user_namespaces` or what executes foreign files, stays there.
        network: A network namespace, with its loopback and nothing else.
    """

    users: bool = False
    network: bool = False

    @contextmanager
    def started(
        self, command: Sequence[str], environment: Mapping[str, str], foreign: bool = False
    ) -> Iterator["Started"]:
        """Start a command as process 1; at the end of the `with` block it and all others end.

        Args:
            command: What to run, once `go` is called.
            environment: Its variables.
            foreign: Whether executables for arm64 shall run; takes a user namespace.
        """
        own = [f"--{name}" for name, on in (("user", self.users), ("net", self.network)) if on]
        inner = ["sh", "-c", _EMULATING, "sh", *command] if foreign else command
        first = ["unshare", *own, "sh", "-c", _HELD, "sh"] if own else ["sh", "-c", _HELD, "sh"]
        command = ["setpriv", "--pdeathsig", "KILL", *first]
        command += ["unshare", "--mount", "--pid", "--fork", "--kill-child", *inner]
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        )
        assert process.stdin
        assert process.stdout
        try:
            process.stdout.read(1)
            if self.users:
                for kind in ("uid", "gid"):
                    Path(f"/proc/{process.pid}/{kind}_map").write_text(_WHOLE, "ascii")
            yield Started(process)
        finally:
            # Process 1 takes all others along, and `unshare` ends when all are gone.
            for first_there in processes.children(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(first_there, signal.SIGKILL)
            process.stdin.close()  # whoever still waits for our word gives up
            process.wait(PATIENCE)
            process.stdout.close()


@dataclass(frozen=True, slots=True)
class Started:
    """A command that waits for `go`."""

    process: subprocess.Popen[bytes]

    def listener(self, port: int) -> socket.socket:
        """A socket that listens on the loopback of the command's own network, which it raises."""
        made: list[socket.socket] = []
        thread = threading.Thread(target=lambda: made.append(self._listen(port)))
        thread.start()  # one of its own, as a thread that has changed its network must not go on
        thread.join()
        return made[0]

    def _listen(self, port: int) -> socket.socket:
        with Path(f"/proc/{self.process.pid}/ns/net").open("rb") as network:
            _succeeds(_LIBC.setns(network.fileno(), 0))
        with socket.socket() as any_socket:
            up = struct.pack("16sh14x", b"lo", _IFF_UP)
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, up)
        return socket.create_server((_LOOPBACK, port))

    def go(self) -> Iterator[bytes]:
        """Let it run.

        Returns:
            What it prints, line by line, until its end.
        """
        assert self.process.stdin
        self.process.stdin.write(b"\n")
        self.process.stdin.close()
        return self._lines()

    def _lines(self) -> Iterator[bytes]:
        assert self.process.stdout
        with os.fdopen(os.dup(self.process.stdout.fileno()), "rb") as lines:
            yield from lines
        self.process.wait(PATIENCE)
