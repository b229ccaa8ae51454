"""The reference says what the code does, where it is not made from it anyway."""

import re

import pytest

from docs.generate import command, settings
from extension.declared.files import text_file
from extension.endpoint.responses.problem import of_failure
from extension.endpoint.server import connections
from extension.http import messages
from extension.http.client import response_parser
from extension.http.failure import Failed, Kind
from tests.docs.messages import ROOT

EXTENSION = {path.stem: path.read_text("utf-8") for path in (ROOT / "extension").rglob("*.py")}
ERRORS = (ROOT / "docs/reference/errors.md").read_text("utf-8")
SETTINGS = (ROOT / "docs/reference/settings.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def found(pattern: str) -> set[str]:
    """What a pattern finds in the daemon's modules."""
    return {match for code in EXTENSION.values() for match in re.findall(pattern, code)}


def kinds() -> dict[str, int]:
    """The kinds of problems in the table, with their statuses."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", ERRORS, re.MULTILINE)
    return {kind: int(status) for kind, status in rows}


def test_the_limits_are_those_of_the_code() -> None:
    """They are no settings, so this page is where they are told."""
    page = (ROOT / "docs/reference/endpoint.md").read_text("utf-8")
    limits = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", page, re.MULTILINE))
    assert limits["request line and head"] == f"{messages.LONGEST_HEAD} bytes"
    assert limits["connections on which the token was shown"] == str(connections.MOST)
    assert limits["other connections"] == str(connections.MOST_ANONYMOUS)
    assert limits["a response from AWS"] == f"{response_parser.LONGEST_BODY >> 20} MiB"
    assert limits["`warmkey.json`"] == f"{text_file.LARGEST >> 20} MiB"


def test_every_problem_is_listed_with_its_status() -> None:
    """Those of the endpoint itself, and those of what happens upstream."""
    own = {
        kind: int(status)
        for code in EXTENSION.values()
        for status, kind in re.findall(r'Problem\(\s*(\d{3}),\s*"([a-z-]+)"', code)
    }
    upstream = {f"upstream-{kind.value}": of_failure(Failed(kind, ""), "").status for kind in Kind}
    assert kinds() == own | upstream


def test_every_error_type_of_init_is_listed() -> None:
    """As Lambda is told them."""
    assert found(r'"(Extension\.\w+)"') == set(re.findall(r"^\| `(Extension\.\w+)` ", ERRORS, re.M))


def test_every_setting_is_explained() -> None:
    """Under a heading of its name, to which its row in the table leads."""
    headings = re.findall(r"^### (WARMKEY_\w+)$", SETTINGS, re.MULTILINE)
    assert sorted(headings) == sorted(setting.name for setting in settings.own())


def test_the_readme_s_table_is_that_of_the_settings() -> None:
    """Each variable with its official names, its default and its range."""
    table = README[README.index("## Settings") : README.index("## The endpoint")]
    rows = dict(re.findall(r"^\| `(WARMKEY_[A-Z_]+)`.*?\| (.*)\|$", table, re.MULTILINE))
    for setting in settings.own():
        if not setting.allowed:
            continue
        official, default, allowed = (cell.strip() for cell in rows[setting.name].split("|"))
        assert default == setting.default
        assert all(name in official or name.endswith("CACHE_ENABLED") for name in setting.official)
        for number in re.findall(r"\d+", setting.allowed):
            assert number in re.findall(r"\d+", allowed)


@pytest.mark.parametrize("name", command.commands())
def test_every_command_is_made_a_section_of(name: str) -> None:
    """With its options."""
    sections = command.as_markdown()
    assert f"## `warmkey {name}`" in sections


def test_every_phase_of_a_start_is_explained() -> None:
    """Those of the log line `ready` and of the status."""
    page = (ROOT / "docs/how/cold-start.md").read_text("utf-8")
    table = page[page.index("| phase |") :]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(listed) == found(r'phases\.mark(?:\(|, )"(\w+)"\)')
