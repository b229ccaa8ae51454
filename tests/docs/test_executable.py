"""The page about the executable lists what is in the layer."""

import re
import zipfile

from layer.build import targets
from tests.docs.messages import ROOT
from tests.rapid.layer import zip_of

PAGE = (ROOT / "docs/how/executable.md").read_text("utf-8")


def test_every_file_of_the_layer_is_listed() -> None:
    """By itself, or with its folder; and nothing is listed that is not there."""
    with zipfile.ZipFile(zip_of(targets.host())) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
    table = PAGE[PAGE.index("| file |") : PAGE.index("**Independence.**")]
    listed = re.findall(r"`([\w./-]+)`", re.sub(r" \| [^|]* \|$", "", table, flags=re.MULTILINE))
    assert [name for name in names if not name.startswith(tuple(listed))] == []
    assert [each for each in listed if not any(name.startswith(each) for name in names)] == []
