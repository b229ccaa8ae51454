"""Where Debian's files are, and where a file on a mirror is in the lock."""

import pytest

from layer.build.inputs.mirrors import PUBLIC, ArchiveError, Mirror, mirror_of

MIRROR = Mirror("m", {"debian": "http://m.example/debian", "debian-security": "http://s.example/s"})


@pytest.mark.parametrize("path", ["debian/pool/x.deb", "debian-security/pool/y.deb"])
def test_a_path_of_the_lock_has_an_address_and_back(path: str) -> None:
    """Whatever the folders are called there."""
    assert MIRROR.path(MIRROR.address(path)) == path


def test_an_address_elsewhere_has_no_path() -> None:
    """Not even one that begins alike."""
    with pytest.raises(ArchiveError, match=r"http://m\.example/debian-ports/x is on no archive"):
        MIRROR.path("http://m.example/debian-ports/x")


def test_a_password_in_an_address_is_not_told() -> None:
    """Neither the user's name: apt takes both from there, where they stand there."""
    error = ArchiveError("http://user:canary@m.example/debian no longer holds a@b")
    assert str(error) == "http://m.example/debian no longer holds a@b"


def test_an_archive_is_known_by_its_label_too() -> None:
    """A proxy for packages gives it a folder of another name."""
    configured = [
        ("http://corp.example/apt/remote-1/", "Debian"),
        ("http://corp.example/apt/remote-2/", "Debian-Security"),
        ("http://corp.example/apt/ubuntu/", "Ubuntu"),
    ]
    assert mirror_of(configured).archives == {
        "debian": "http://corp.example/apt/remote-1",
        "debian-security": "http://corp.example/apt/remote-2",
    }


def test_the_first_of_several_mirrors_is_taken() -> None:
    """In the order in which apt names them; what it knows nothing of is Debian's public one."""
    configured = [("http://a.example/debian", "$(LABEL)"), ("http://b.example/debian", "Debian")]
    assert mirror_of(configured).archives == {
        "debian": "http://a.example/debian",
        "debian-security": f"{PUBLIC}/debian-security",
    }
