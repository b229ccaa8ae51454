"""Private namespaces: what lets a function run here without Docker and mostly without root."""

import functools
import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.patience import PATIENCE

# Whatever way the thread that started it ends, even by SIGKILL, the command ends with it.
_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_ISOLATE = (*_WITH_US, "unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc")
_AS_ROOT_OF_OURSELVES = ("--user", "--map-root-user")
# What a function's root needs of a namespace, harmless by itself.
_PROBE = "mount --make-rprivate / && mount -t tmpfs warmkey /proc"
# `mount` and `chroot` are in sbin on some systems, which users' PATH may lack.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}


# Settings of the kernel that refuse namespaces, and what grants them.
_SETTINGS = {
    ("kernel/apparmor_restrict_unprivileged_userns", "1"): "0",  # Ubuntu 23.10 and newer
    ("kernel/unprivileged_userns_clone", "0"): "1",  # Debian up to 10, Arch's hardened kernel
    ("user/max_user_namespaces", "0"): "10000",
}


class NamespacesRefused(Exception):
    """The kernel or its policy grants no namespaces; the message says what would change that."""

    def __init__(self, tried: Sequence[tuple[Sequence[str], str]], advice: Sequence[str]) -> None:
        attempts = "\n".join(f"  {shlex.join(command)}\n    {words}" for command, words in tried)
        super().__init__(
            "AWS's Rapid core needs private mount and process namespaces, and they are refused "
            f"here. Tried:\n{attempts}\nWhat to do, whichever fits:\n"
            + "\n".join(f"  - {line}" for line in advice)
        )


@functools.cache
def isolation() -> tuple[str, ...]:
    """The command that runs another one in namespaces of its own; asked of the kernel once.

    Raises:
        NamespacesRefused: None is granted.
    """
    tried = []
    root = [_ISOLATE] if os.geteuid() == 0 else []
    for command in [*root, (*_ISOLATE, *_AS_ROOT_OF_OURSELVES)]:
        refusal = _refusal(command)
        if refusal is None:
            return command
        tried.append((command, refusal))
    raise NamespacesRefused(tried, _advice())


def available() -> bool:
    """Say whether a function can run here in namespaces of its own."""
    try:
        isolation()
    except NamespacesRefused:
        return False
    return True


def _refusal(command: Sequence[str]) -> str | None:
    """The system's words when it refuses; None when it grants."""
    probe = [*command, "sh", "-c", _PROBE]
    try:
        done = subprocess.run(  # noqa: S603
            probe, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        return f"there is no `{command[0]}` command: `make tools` installs it"
    except subprocess.TimeoutExpired:
        return f"no answer within {PATIENCE:.0f} s"
    if done.returncode == 0:
        return None
    return " ".join(done.stderr.split()) or f"exit status {done.returncode}"


def _advice() -> list[str]:
    lines = []
    for (setting, refusing), granting in _SETTINGS.items():
        path = Path("/proc/sys", setting)
        if path.is_file() and path.read_text().strip() == refusing:
            lines.append(f"sudo sysctl {setting.replace('/', '.')}={granting}")
    if os.geteuid() != 0:
        lines.append("run as root")
    return [*lines, "in a container: start it with --privileged"]
