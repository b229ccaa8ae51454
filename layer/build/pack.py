"""Pack files into a zip, the same bytes every time; run by the Python that the build has linked.

    python -S -B pack.py OUT < CONTENTS

CONTENTS is JSON, `[[name, mode, file], …]`. That Python's zlib is locked as all else is; another
machine's may compress to other bytes.
"""

import json
import sys
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100000


def pack(contents: list[tuple[str, int, str]], out: Path) -> None:
    """Write the zip, its members in the order of their names."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, mode, file in sorted(contents):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix: the mode counts
            member.external_attr = (REGULAR_FILE | mode) << 16
            archive.writestr(member, Path(file).read_bytes())


if __name__ == "__main__":
    pack(json.load(sys.stdin), Path(sys.argv[1]))
