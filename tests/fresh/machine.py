"""A row's machine: its root, who does the work there, and with what environment and rights."""

import os
import shlex
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.fresh import host
from tests.fresh.host import CannotRun
from tests.fresh.proxy import Proxy
from tests.fresh.row import Network, Rights, Row
from tests.fresh.space import Space
from tests.rapid.namespaces import ENVIRONMENT

_ENTER = Path(__file__).with_name("enter.sh")
_USER_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
_ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_AS_USER = ("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups")
# Source: what Docker leaves, https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
_LEFT_BY_DOCKER = (
    "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw "
    "sys_chroot mknod audit_write setfcap"
)
_AS_IN_DOCKER = (
    "setpriv",
    f"--bounding-set=-all,+{_LEFT_BY_DOCKER.replace(' ', ',+')}",
    "--inh-caps=-all",
)
_REFUSING = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
_PROXY_PORT = 3128  # in a network of its own, where every port is free
_PROXY = f"http://127.0.0.1:{_PROXY_PORT}"
_AUTHORITIES = "/etc/authorities.crt"
_VOLUME = "/warmkey"
# How this machine says which authorities it trusts, and where it gets packages from.
_TRUST = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_INDEXES = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "DEBIAN_MIRROR")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended.

    Attributes:
        status: Its exit status.
        hosts: How often each host was asked for through the proxy.
    """

    status: int
    hosts: Counter[str]


@dataclass(frozen=True, slots=True)
class Machine:
    """A row's machine.

    Attributes:
        row: What it is like.
        root: Its root's folder.
        python: The interpreter that `make` is given.
    """

    row: Row
    root: Path
    python: str

    @classmethod
    def of(cls, row: Row, root: Path) -> "Machine":
        """A row's machine.

        Raises:
            CannotRun: The row wants an interpreter of this machine's that is not there.
        """
        named = f"python{row.python}" if row.python else "python3"
        return cls(row, root, str(host.interpreter(row.python)) if row.own_python else named)

    def prepare(self, clone: Path) -> None:
        """Take away what it shall not have, and clone the repository.

        Args:
            clone: The repository, as a Git bundle.

        Raises:
            CannotRun: The clone failed.
        """
        if trusted := next((os.environ[name] for name in _TRUST if os.environ.get(name)), ""):
            (self.root / _AUTHORITIES[1:]).write_bytes(Path(trusted).read_bytes())
        if not self.row.apt:
            for path in ("usr/bin/apt", "usr/bin/apt-get", "usr/lib/apt/apt-helper"):
                (self.root / path).unlink()
        bundle = self.root / "clone.bundle"
        bundle.write_bytes(clone.read_bytes())
        bundle.chmod(0o644)
        if self.row.rights is Rights.CONTAINER:
            host.said("git", "clone", "-q", str(bundle), str(self.root / _VOLUME[1:]))
            return
        said: list[bytes] = []
        command = f"git clone -q /clone.bundle {shlex.quote(self.row.folder)}"
        if self._run(command, said.append).status:
            raise CannotRun(f"git clone failed:\n{b''.join(said).decode('utf-8', 'replace')}")

    def make(self, target: str, see: Callable[[bytes], None]) -> Ran:
        """Run `make` in the clone.

        Args:
            target: The target.
            see: Is given each line that it prints.
        """
        if self.row.rights is Rights.CONTAINER:
            return self._run(f"cd {_VOLUME} && {self._told_to_docker(target)}", see)
        folder = shlex.quote(self.row.folder)
        return self._run(f"cd {folder} && make PYTHON={self.python} {target}", see)

    def _told_to_docker(self, target: str) -> str:
        """The script of the `docker run` line that `make` prints where there is no apt."""
        command = ["make", "-s", "-C", str(self.root / _VOLUME[1:]), "APT=/nowhere", target]
        told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        lines = [line for line in told.stderr.splitlines() if line.startswith("docker run ")]
        if not lines:
            raise CannotRun(f"make named no `docker run` line:\n{told.stderr}")
        *_, shell, option, script = shlex.split(lines[0])
        if (shell, option) != ("sh", "-c"):
            raise CannotRun(f"not a line that runs a shell's script: {lines[0]}")
        return script

    def _run(self, script: str, see: Callable[[bytes], None]) -> Ran:
        """Run a shell's script there, in the home of who does the work."""
        row, hosts = self.row, Counter[str]()
        space = Space(
            users=row.rights is not Rights.USUAL or bool(row.foreign),
            network=row.network is Network.PROXY,
        )
        command = ["sh", str(_ENTER), str(self.root), *self._newcomer(script)]
        kept = str(Path(self.python).parents[1]) if row.own_python else ""
        environment = {**ENVIRONMENT, "KEPT": kept, "FOREIGN": row.foreign}
        with ExitStack() as stack:
            inside = stack.enter_context(space.started(command, environment, bool(row.foreign)))
            if row.network is Network.PROXY:
                proxy = stack.enter_context(Proxy(inside.listener(_PROXY_PORT)))
                hosts = proxy.hosts
            for line in inside.go():
                see(line)
            return Ran(inside.process.returncode, hosts)

    def _newcomer(self, script: str) -> list[str]:
        """The command by which root becomes who does the work, and runs a shell's script."""
        row = self.row
        refusing = [] if row.rights is Rights.USUAL else ["sh", "-c", _REFUSING, "sh"]
        limits = _AS_IN_DOCKER if row.rights is Rights.CONTAINER else ()
        variables = [f"{name}={value}" for name, value in self._environment().items()]
        shell = ["sh", "-c", f"umask {row.umask} && cd && {script}"]
        user = _AS_USER if row.user else ()
        return [*refusing, *limits, *user, "env", "-i", *variables, *shell]

    def _environment(self) -> dict[str, str]:
        row = self.row
        given = {"HOME": row.home, "PATH": _USER_PATH if row.user else _ROOT_PATH}
        if row.user:
            given |= {"USER": "newcomer", "LOGNAME": "newcomer", "SHELL": "/bin/bash"}
        if row.network is Network.PROXY:
            given |= {"HTTP_PROXY": _PROXY, "HTTPS_PROXY": _PROXY}
        given |= {name: _AUTHORITIES for name in _TRUST if os.environ.get(name)}
        given |= {name: os.environ[name] for name in _INDEXES if os.environ.get(name)}
        return given | dict(row.environment)
