"""Debian's archives are found in whatever way the machine's apt names them."""

from pathlib import Path
from urllib.parse import quote

import pytest

from layer.build.inputs.mirrors import (
    APT_HELPER,
    MIRROR_VARIABLE,
    PUBLIC,
    SNAPSHOT_VARIABLE,
    ArchiveError,
    mirror,
)
from layer.build.inputs.mirrors import snapshot as snapshot_of
from tests.integration.build.test_stand_in import A_DAY_LATER, MADE

with_apt = pytest.mark.skipif(not APT_HELPER.exists(), reason="there is no apt here")

UBUNTU = """\
Types: deb
URIs: http://archive.example/ubuntu
Suites: noble
Components: main
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
"""
DEB822 = """\
Types: deb deb-src
URIs: https://m.example/a/b/debian/
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://security.example/debian-security
Suites: trixie-security
Components: main
"""
ONE_LINE = """\
deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://m.example/debian trixie main
deb http://m.example/debian-security trixie-security main
"""  # noqa: E501


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a machine's sources, empty as yet, whose apt has seen no index."""
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{folder}/";\n'
        f'Dir::State::lists "{tmp_path}/lists/";\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    monkeypatch.delenv(MIRROR_VARIABLE, raising=False)
    monkeypatch.delenv(SNAPSHOT_VARIABLE, raising=False)
    return folder


@with_apt
@pytest.mark.parametrize(
    ("name", "text", "debian", "security"),
    [
        (
            "debian.sources",
            DEB822,
            "https://m.example/a/b/debian",
            "http://security.example/debian-security",
        ),
        (
            "debian.list",
            ONE_LINE,
            "http://m.example/debian",
            "http://m.example/debian-security",
        ),
        ("ubuntu.sources", UBUNTU, f"{PUBLIC}/debian", f"{PUBLIC}/debian-security"),
        (
            "half.list",
            "deb http://m.example/debian trixie main\n",
            "http://m.example/debian",
            f"{PUBLIC}/debian-security",
        ),
    ],
    ids=["deb822", "one line", "Ubuntu", "no security suite"],
)
def test_the_mirror_is_the_one_that_apt_uses_or_debians_public_one(
    name: str, text: str, debian: str, security: str, sources: Path
) -> None:
    """Each archive by itself: they may be on different hosts. No index need have been fetched."""
    (sources / name).write_text(text, encoding="utf-8")
    assert mirror().archives == {"debian": debian, "debian-security": security}


@with_apt
def test_a_list_of_mirrors_is_read(sources: Path, tmp_path: Path) -> None:
    """As Debian's images for clouds have it."""
    listed = tmp_path / "debian.list"
    listed.write_text("# ours\nhttps://m.example/debian\tpriority:1\n", encoding="utf-8")
    text = f"deb mirror+file://{quote(str(listed))} trixie main\n"
    (sources / "cloud.list").write_text(text, encoding="utf-8")
    assert mirror().archives["debian"] == "https://m.example/debian"


@with_apt
def test_the_variable_overrides_it(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the folder of both."""
    (sources / "debian.sources").write_text(DEB822, encoding="utf-8")
    monkeypatch.setenv(MIRROR_VARIABLE, "http://ours.example/mirror/")
    assert mirror().archives == {
        "debian": "http://ours.example/mirror/debian",
        "debian-security": "http://ours.example/mirror/debian-security",
    }


def test_a_machine_without_apt_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever else is set."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArchiveError, match="through apt, and there is no apt here"):
        mirror()


@pytest.mark.usefixtures("sources")
def test_the_snapshot_is_that_of_a_day_after_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's, unless another archive is named."""
    path = "debian-security/pool/updates/x.deb"
    rest = f"debian-security/{A_DAY_LATER}/pool/updates/x.deb"
    assert snapshot_of(MADE).address(path) == f"https://snapshot.debian.org/archive/{rest}"
    monkeypatch.setenv(SNAPSHOT_VARIABLE, "http://ours.example/snapshots/")
    assert snapshot_of(MADE).address(path) == f"http://ours.example/snapshots/{rest}"
