"""What the layer says of the parts that it is made of."""

import json
from pathlib import Path

import pytest

from layer.build.contents import components, licences, sbom, tree
from layer.build.inputs.lock import Input
from layer.build.targets import ARM64, X86_64, named

OPENSSL = Input("amd64", "libssl-dev", "3.5.7-1~deb13u3", "debian/pool/x.deb", 9, "a" * 64)
ZLIB = Input("amd64", "zlib1g-dev", "1:1.3+really1.3.1-1", "debian/pool/z.deb", 9, "b" * 64)


def test_a_part_has_version_digest_licence_and_address() -> None:
    """The address is a package URL, percent-encoded, with the source package's name."""
    parts = components.of_packages(["libssl-dev", "zlib1g-dev"])
    bill = json.loads(sbom.bill(X86_64, "1.2.3", parts, [OPENSSL, ZLIB]))
    openssl, zlib = bill["components"]
    assert openssl["version"] == "3.5.7-1~deb13u3"
    assert openssl["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert openssl["licenses"] == [{"expression": "Apache-2.0"}]
    assert openssl["purl"] == (
        "pkg:deb/debian/libssl-dev@3.5.7-1~deb13u3?arch=amd64&distro=debian-13&upstream=openssl"
    )
    assert zlib["purl"].startswith("pkg:deb/debian/zlib1g-dev@1%3A1.3%2Breally1.3.1-1?")
    assert bill["metadata"]["component"]["version"] == "1.2.3"


def test_a_bill_is_the_same_every_time() -> None:
    """It has neither a time nor a random number; its own number follows from what it says."""
    parts, inputs = components.of_packages(["libssl-dev"]), [OPENSSL]
    first, again = (sbom.bill(X86_64, "1", parts, inputs) for _ in range(2))
    other = sbom.bill(ARM64, "1", parts, inputs)
    assert first == again
    assert json.loads(first)["serialNumber"] != json.loads(other)["serialNumber"]


@pytest.mark.parametrize(("unlocked", "said"), [(False, "locked"), (True, "unlocked")])
def test_a_bill_says_whether_the_inputs_are_locked(unlocked: bool, said: str) -> None:
    """What was made to try it is not what is published."""
    parts = components.of_packages(["libssl-dev"])
    bill = json.loads(sbom.bill(X86_64, "1", parts, [OPENSSL], unlocked=unlocked))
    assert bill["metadata"]["properties"] == [{"name": "warmkey:inputs", "value": said}]


def test_a_part_whose_licence_nobody_knows_stops_the_build() -> None:
    """It says where to add it."""
    with pytest.raises(components.UnknownPartError, match=r"libfoo-dev .*components\.py"):
        components.of_packages(["libssl-dev", "libfoo-dev"])


def test_every_part_gets_its_texts(tmp_path: Path) -> None:
    """All of them, in one file."""
    (openssl,) = components.of_packages(["libssl-dev"])
    for number, name in enumerate(openssl.texts):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"text {number}", "utf-8")
    (tmp_path / "LICENSE").write_text("own", "utf-8")
    licences.write([openssl], tmp_path, tmp_path / "LICENSE", tmp_path / "out")
    assert {f.name for f in (tmp_path / "out").iterdir()} == {
        "NOTICE.txt",
        "openssl.txt",
        "warmkey.txt",
    }
    text = (tmp_path / "out/openssl.txt").read_text("utf-8")
    assert "text 0" in text
    assert "text 1" in text


def test_the_version_is_the_daemons(tmp_path: Path) -> None:
    """Read, not imported."""
    (tmp_path / "extension").mkdir()
    (tmp_path / "extension/__init__.py").write_text('"""Doc."""\n\nVERSION = "4.5.6"\n', "utf-8")
    assert tree.version(tmp_path) == "4.5.6"


@pytest.mark.parametrize("name", ["arm64", "aarch64"])
def test_an_architecture_goes_by_several_names(name: str) -> None:
    """Lambda's, Debian's, the kernel's."""
    assert named(name) is ARM64


def test_an_unknown_architecture_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(
        ValueError, match="no architecture is called 'riscv64'; there are x86_64, arm64"
    ):
        named("riscv64")
