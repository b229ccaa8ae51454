"""What the pages show works: code, files, commands and paths."""

import ast
import json
import re
import shlex
import textwrap

import click
import pytest
from jsonschema_rs import Draft202012Validator

from docs.generate import config
from docs.generate.command import commands
from docs.generate.mirror import PAGES
from tests.docs.messages import ROOT

TEXTS = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / mirror.source for mirror in PAGES.values()),
    ROOT / "README.md",
]
FILE = Draft202012Validator(config.schema())
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def each(pairs: list[tuple[str, str]]) -> pytest.MarkDecorator:
    """A test for each thing that is shown, called by its page."""
    return pytest.mark.parametrize(("page", "shown"), pairs, ids=[page for page, _ in pairs])


def fences(*languages: str) -> list[tuple[str, str]]:
    """The code blocks in these languages, each with its page."""
    return [
        (str(path.relative_to(ROOT)), textwrap.dedent(code))
        for path in TEXTS
        for _, language, code in FENCE.findall(path.read_text("utf-8"))
        if language in languages
    ]


def spans(start: str) -> list[tuple[str, str]]:
    """What stands in backticks in the text and begins so, each with its page."""
    code = re.compile(rf"`({start}[^`\n]*)`")
    return [
        (str(path.relative_to(ROOT)), found)
        for path in TEXTS
        for found in code.findall(FENCE.sub("", path.read_text("utf-8")))
    ]


def links() -> list[tuple[str, str]]:
    """The relative links in the text, each with its page."""
    return [
        (str(path.relative_to(ROOT)), target)
        for path in TEXTS
        for target in LINK.findall(FENCE.sub("", path.read_text("utf-8")))
    ]


def shown_commands() -> list[tuple[str, str]]:
    """Every call of the operator's command that a page shows."""
    lines = (
        (page, line)
        for page, text in fences("console")
        for line in text.replace("\\\n", " ").splitlines()
    )
    shown = [(page, line[2:]) for page, line in lines if line.startswith("$ warmkey ")]
    return [*shown, *spans("warmkey ")]


@each(fences("python"))
def test_python_compiles(page: str, shown: str) -> None:
    """As it stands there."""
    ast.parse(shown, page)


@each(fences("json"))
def test_json_is_json(page: str, shown: str) -> None:
    """And where it declares secrets, the schema of `warmkey.json` takes it."""
    value = json.loads(shown)
    if isinstance(value, dict) and value.keys() & {"stages", "secrets"}:
        assert FILE.is_valid(value), page


@each(shown_commands())
def test_a_command_that_is_shown_is_there_with_its_options(page: str, shown: str) -> None:
    """Two are those of the layer's executable alone."""
    words = shlex.split(shown.replace("…", ""), comments=True)[1:]
    if words[0] in ("exec", "version"):
        return
    command = commands()[words[0]]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    options = {word.partition("=")[0] for word in words[1:] if word.startswith("-")}
    assert isinstance(command, click.Command)
    assert options <= known | {"--help"}, page


@each(spans("make "))
def test_a_make_target_that_is_named_is_there(page: str, shown: str) -> None:
    """`make help` lists them."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert shown.split()[1] in targets, page


@each(spans("(?:tests|extension|layer|docs)/"))
def test_a_path_that_is_named_is_there(page: str, shown: str) -> None:
    """In the repository, or in the folder that the page is about."""
    name = shown.partition("::")[0]
    folders = (ROOT, (ROOT / page).parent, ROOT / "build")
    assert any((folder / name).exists() for folder in folders), page


@each(links())
def test_a_link_leads_to_a_file(page: str, shown: str) -> None:
    """In the repository, where most people read; the site leads to that file's page."""
    assert (ROOT / page).parent.joinpath(shown).exists(), page
