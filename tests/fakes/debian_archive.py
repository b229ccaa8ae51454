"""Debian's archive on loopback: a mirror, the snapshot archive, and a suite that is signed.

What it holds is a real repository of apt's, with a key that GnuPG has made on the spot, so that the
machine's own apt verifies it as it does Debian's.
"""

import hashlib
import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from layer.build.inputs.lock import SOURCE, Input
from layer.build.inputs.mirrors import ARCHIVES, DEBIAN, SECURITY
from layer.build.inputs.renewal import KEYRING, KEYRING_PACKAGE, SUITE
from layer.build.targets import TARGETS
from tests.closing import Closing
from tests.fakes.http_service import Delivery, HttpService, Request, Response

SNAPSHOTS = "snapshots"
"""The folder of the snapshot archive, beside those of the mirror."""
_SUITES = {DEBIAN: (SUITE, f"{SUITE}-updates"), SECURITY: (f"{SUITE}-security",)}


class SigningKey:
    """A key that signs an archive, for the time of a `with`."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # A short path: the agent's socket lies in it.
            self._home = stack.enter_context(tempfile.TemporaryDirectory(prefix="gpg-"))
            stack.callback(self._run, "gpgconf", "--kill", "gpg-agent")
            create = ("--passphrase", "", "--quick-gen-key", "archive@example.com", "ed25519")
            self._gpg(*create, "sign", "never")
            self.public = self._gpg("--export")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def sign(self, text: str) -> bytes:
        """The text with its signature, as in `InRelease`."""
        return self._gpg("--digest-algo", "SHA512", "--clearsign", text=text)

    def _gpg(self, *arguments: str, text: str = "") -> bytes:
        return self._run("gpg", "--batch", "--quiet", *arguments, text=text)

    def _run(self, *command: str, text: str = "") -> bytes:
        environment = {"GNUPGHOME": self._home, "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        done = subprocess.run(  # noqa: S603
            command, input=text.encode(), env=environment, capture_output=True, check=True
        )
        return done.stdout


@dataclass(frozen=True, slots=True)
class File:
    """A file of the archive: a package, or a part of a source package.

    Attributes:
        about: What a lock says of it.
        contents: What is in it.
    """

    about: Input
    contents: bytes

    @classmethod
    def of(cls, about: Input, contents: bytes) -> Self:
        """A file that a lock names with its own size and digest."""
        digest = hashlib.sha256(contents).hexdigest()
        return cls(replace(about, size=len(contents), sha256=digest), contents)


def package(
    name: str, version: str, contents: bytes, *, architecture: str = "all", archive: str = DEBIAN
) -> File:
    """A file of the archive, at a path of its own."""
    suffix = f"_{architecture}.deb" if architecture != SOURCE else ".orig.tar.xz"
    path = f"{archive}/pool/main/{name}_{version}{suffix}"
    return File.of(Input(architecture, name, version, path, 0, ""), contents)


def keyring(key: SigningKey, version: str = "1") -> File:
    """The package that holds an archive's key."""
    return package(KEYRING_PACKAGE, version, deb({KEYRING: key.public}))


def deb(files: dict[str, bytes]) -> bytes:
    """A Debian package of these files."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, contents in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(contents)
            archive.addfile(member, io.BytesIO(contents))
    whole = b"!<arch>\n"
    for name, contents in (("debian-binary", b"2.0\n"), ("data.tar", data.getvalue())):
        whole += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(contents):<10}`\n".encode()
        whole += contents + b"\n" * (len(contents) % 2)
    return whole


class DebianArchive(Closing):
    """Serves what tests put into it; leaving the `with` takes it off the network.

    Attributes:
        files: What it holds, by path; a lock's paths are percent-encoded, as apt asks for them.
        deliveries: How a file is delivered, where that is not whole.
        asked: The paths that were asked for, in order.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.asked: list[str] = []
        self._service = HttpService(self._respond)

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self._service.close()

    @property
    def mirror(self) -> str:
        """What `DEBIAN_MIRROR` is to be."""
        return self._service.url

    @property
    def snapshots(self) -> str:
        """What `DEBIAN_SNAPSHOT` is to be."""
        return f"{self._service.url}/{SNAPSHOTS}"

    def hold(self, *files: File) -> None:
        """Put files on the mirror, in no index."""
        self.files |= {unquote(file.about.path): file.contents for file in files}

    def keep(self, time: str, *files: File) -> None:
        """Put files into the snapshot archive, at a time as in 20261122T024141Z."""
        for file in files:
            archive, _, rest = unquote(file.about.path).partition("/")
            self.files[f"{SNAPSHOTS}/{archive}/{time}/{rest}"] = file.contents

    def publish(self, key: SigningKey, files: Iterable[File]) -> None:
        """Make these the current versions of the suite: on the mirror, in an index that is signed.

        What it held before is gone, as after an update.
        """
        files = list(files)
        pool = [path for path in self.files if path.split("/")[0] in ARCHIVES]
        for path in pool:
            del self.files[path]
        self.hold(*files)
        for archive, suites in _SUITES.items():
            own = [file for file in files if file.about.path.startswith(f"{archive}/")]
            for suite in suites:
                mine = own if suite == suites[0] else []
                self.files |= _indexes(key, f"{archive}/dists/{suite}", suite, mine)

    def _respond(self, request: Request) -> Response:
        path = unquote(request.target.removeprefix("/"))
        self.asked.append(path)
        if path not in self.files:
            return Response(404)
        delivery = self.deliveries.get(path, Delivery.WHOLE)
        return Response(200, self.files[path], "application/octet-stream", delivery=delivery)


def _indexes(key: SigningKey, at: str, suite: str, files: list[File]) -> dict[str, bytes]:
    lists = {
        f"main/binary-{target.debian}/Packages": "".join(
            _stanza(file.about)
            for file in files
            if file.about.architecture in (target.debian, "all")
        )
        for target in TARGETS
    }
    lists["main/source/Sources"] = _source_stanza([f for f in files if _is_source(f)])
    rows = "".join(
        f" {hashlib.sha256(text.encode()).hexdigest()} {len(text.encode())} {name}\n"
        for name, text in lists.items()
    )
    release = (
        f"Origin: Debian\nLabel: Debian\nSuite: {suite}\nCodename: {suite}\n"
        f"Date: Sat, 21 Nov 2026 09:15:44 UTC\n"
        f"Architectures: {' '.join(t.debian for t in TARGETS)}\nComponents: main\nSHA256:\n{rows}"
    )
    indexes = {f"{at}/{name}": text.encode() for name, text in lists.items()}
    return {**indexes, f"{at}/InRelease": key.sign(release)}


def _is_source(file: File) -> bool:
    return file.about.architecture == SOURCE


def _stanza(about: Input) -> str:
    path = unquote(about.path).partition("/")[2]
    return (
        f"Package: {about.package}\nVersion: {about.version}\n"
        f"Architecture: {about.architecture}\nFilename: {path}\n"
        f"Size: {about.size}\nSHA256: {about.sha256}\n\n"
    )


def _source_stanza(parts: list[File]) -> str:
    if not parts:
        return ""
    first = parts[0].about
    folder = Path(first.path.partition("/")[2]).parent
    rows = "".join(
        f" {p.about.sha256} {p.about.size} {unquote(p.about.file_name)}\n" for p in parts
    )
    dsc = f" {'0' * 64} 1 {first.package}_{first.version}.dsc\n"
    return (
        f"Package: {first.package}\nBinary: {first.package}\nVersion: {first.version}\n"
        f"Format: 3.0 (quilt)\nArchitecture: any\nDirectory: {folder}\n"
        f"Checksums-Sha256:\n{rows}{dsc}\n"
    )
