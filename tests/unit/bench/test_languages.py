"""What the language benchmark says beside its figures."""

import re
from pathlib import Path

import pytest

from tests.bench.languages.clients import version
from tests.bench.languages.example_lines import warmkey_lines
from tests.bench.languages.tables import table
from tests.bench.page import with_section
from tests.bench.samples import Samples
from tests.languages.all import LANGUAGES
from tests.languages.language import Language
from tests.languages.shell import SHELL


@pytest.mark.parametrize(
    "lock",
    [
        "six==1.2\nclient==3.4.5 \\\n    --hash=sha256:ab",
        "require github.com/aws/client v3.4.5\n",
        ' "client",\n "7up",\n]\n\n[[package]]\nname = "client"\nversion = "3.4.5"\n',
        '"node_modules/client": {\n      "version": "3.4.5",\n',
        "<artifactId>client</artifactId>\n  <version>3.4.5</version>",
    ],
    ids=["pip", "Go", "Cargo", "npm", "Maven"],
)
def test_a_clients_version_is_read_from_its_lock(lock: str) -> None:
    """As each ecosystem writes it."""
    assert version("client", lock) == "3.4.5"


def test_a_package_with_a_longer_name_is_another() -> None:
    """`lambda_runtime` is not `lambda_runtime_api_client`."""
    assert version("client", 'name = "client_api"\nversion = "1.0"\nclient-x==1.0') == ""


def test_lines_that_name_warmkey_are_counted_and_those_that_are_copied(tmp_path: Path) -> None:
    """Comments, blank lines and what tools have put there are not."""
    (tmp_path / "main.go").write_text('// warmkey\nimport "notes/warmkey"\n\nx := 1\n')
    (tmp_path / "warmkey.go").write_text("// One.\npackage warmkey\n\nvar a = 1 // two\n")
    (tmp_path / "warmkey.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/warmkey.js").write_text("1;")
    assert warmkey_lines(tmp_path) == "1 + 2"


def test_table_has_one_number_where_nothing_is_copied(tmp_path: Path) -> None:
    """The client comes with the layer."""
    (tmp_path / "app.py").write_text('import warmkey\n# warmkey\nwarmkey.get("A")\n')
    assert warmkey_lines(tmp_path) == "2"


def test_a_section_takes_the_place_of_its_old_self() -> None:
    """And leaves the others as they are."""
    text = "# A\n\nold\n\n## Part\n\n# B\n\nkept\n"
    assert with_section(text, "A", "new\n") == "# A\n\nnew\n\n# B\n\nkept\n"


def test_a_new_section_comes_last() -> None:
    """Also on an empty page."""
    assert with_section("", "A", "one") == "# A\n\none\n"
    assert with_section("# A\n\none\n", "B", "two") == "# A\n\none\n\n# B\n\ntwo\n"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.name)
def test_every_language_has_a_row_with_its_client_and_lines(language: Language) -> None:
    """Whoever adds a language names its runtime client in `clients.py`, and locks it."""
    ((name, runtime_client, lines, *_),) = table(Samples(), [language.name]).rows
    assert name == language.name
    assert runtime_client != "-"
    assert language is SHELL or re.search(r" \d", runtime_client)
    assert lines != "0"
