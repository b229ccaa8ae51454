"""One row of the table: a stock machine, and what has to come of a clone there."""

from dataclasses import dataclass
from enum import Enum

PACKAGES = ("make", "git", "python3", "python3-venv", "ca-certificates")
"""What newcomers are told to install."""


class Network(Enum):
    """What a machine reaches beside its own loopback."""

    MACHINE = "what this machine reaches"
    PROXY = "only an HTTP proxy, which `HTTP_PROXY` and `HTTPS_PROXY` name"


class Rights(Enum):
    """What the kernel grants."""

    USUAL = "what it grants root, or an ordinary user"
    NO_NAMESPACES = "no user namespaces"
    CONTAINER = "what Docker leaves to root: no namespaces, few capabilities"
    """There the command is not `make`, but what `docker run` is told to run where there is no apt.
    """


@dataclass(frozen=True, slots=True)
class Row:
    """A machine and what is run on it.

    Attributes:
        machine: What it is, in the words of the table; its first words are the system's.
        suite: Debian's suite, by its code name.
        targets: What is made, in this order.
        python: The Python that `make PYTHON=…` is given, like `3.12`; empty for the system's own.
        own_python: Whether that is the one of the machine where this runs, if Debian has none.
        packages: What is installed.
        user: Whether an ordinary user does it; root otherwise.
        folder: The clone's folder, below the home.
        environment: Variables on top of those that a login sets.
        umask: The mode bits that new files lack, as `umask` takes them.
        network: What it reaches.
        rights: What the kernel grants.
        apt: Whether there is apt.
        foreign: Debian's name of another architecture, which is emulated; empty for this one.
        refusal: What the first target says when it has to refuse; empty when it has to succeed.
    """

    machine: str
    suite: str
    targets: tuple[str, ...] = ("run",)
    python: str = ""
    own_python: bool = False
    packages: tuple[str, ...] = PACKAGES
    user: bool = False
    folder: str = "warmkey"
    environment: tuple[tuple[str, str], ...] = ()
    umask: str = "022"
    network: Network = Network.MACHINE
    rights: Rights = Rights.USUAL
    apt: bool = True
    foreign: str = ""
    refusal: str = ""

    @property
    def home(self) -> str:
        """The home of who does it."""
        return "/home/newcomer" if self.user else "/root"


ROWS = (
    Row("Debian 12, root", "bookworm", ("run", "test")),
    Row(
        "Debian 13, ordinary user, a path with spaces, umask 077",
        "trixie",
        ("run", "test"),
        user=True,
        folder="a folder/warm key",
        environment=(("TMPDIR", "/home/newcomer/a folder"),),
        umask="077",
    ),
    Row("Debian 12, ordinary user, only HTTP_PROXY", "bookworm", user=True, network=Network.PROXY),
    Row("Debian 12, Python 3.12", "bookworm", python="3.12", own_python=True),
    Row("Debian 13, root", "trixie"),
    Row(
        "Debian testing, Python 3.14, ordinary user",
        "forky",
        python="3.14",
        packages=(*PACKAGES, "python3.14-venv"),
        user=True,
    ),
    Row(
        "Debian 12, ordinary user, no user namespaces",
        "bookworm",
        user=True,
        rights=Rights.NO_NAMESPACES,
    ),
    Row(
        "Debian 13 in Docker, by the line for no apt",
        "trixie",
        packages=(),
        rights=Rights.CONTAINER,
    ),
    Row("Debian 13, no apt", "trixie", user=True, apt=False, refusal="docker run"),
    Row("Debian 13, arm64 under QEMU", "trixie", foreign="arm64"),
)
