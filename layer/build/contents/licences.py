"""The licence texts of everything in the zip, and what users must know about them."""

from collections.abc import Iterable
from pathlib import Path

from layer.build.contents.components import Component

NOTICE = """\
Warmkey is licensed under the Apache License 2.0 (warmkey.txt).

The executables hold parts of others, linked in, and Mozilla's list of root certificates:

{rows}
The texts lie beside this file. Version and origin of each part: ../sbom.cdx.json.

Relinking. The GNU C Library is licensed under the LGPL 2.1, which gives you the right to put a
modified version of it into the executable `warmkey`. Everything needed for that is public:
Warmkey's sources hold the build (layer/build/) and the lock file (layer/build/inputs.lock), which
names each object library with its digest. Run `make layer`; put your libc.a in the place of
build/layer/ARCHITECTURE/sysroot/usr/lib/TRIPLE/libc.a; remove build/layer/ARCHITECTURE/interpreter;
run `make layer` again.
"""


def write(components: Iterable[Component], root: Path, own: Path, into: Path) -> None:
    """Write one text for each component, and NOTICE.txt.

    Args:
        components: What has a part in the layer.
        root: The unpacked packages, which hold the texts.
        own: Warmkey's licence.
        into: The folder to write them to.
    """
    into.mkdir(parents=True)
    (into / "warmkey.txt").write_bytes(own.read_bytes())
    rows = ""
    for part in components:
        name = f"{part.upstream}.txt"
        texts = [(root / text).read_text("utf-8").strip() for text in part.texts]
        (into / name).write_text(f"\n\n{'-' * 80}\n\n".join(texts) + "\n", encoding="utf-8")
        rows += f"  {part.name:<24} {part.licence:<40} {name}\n"
    (into / "NOTICE.txt").write_text(NOTICE.format(rows=rows), encoding="utf-8")
