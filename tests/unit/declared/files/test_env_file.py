"""Files of `NAME=value` lines."""

from time import process_time

import pytest

from extension.declared.declarations import DeclarationError
from extension.declared.files import env_file
from tests.patience import PATIENCE

LINES = {
    "KEY=canary": "canary",
    "export KEY=canary": "canary",
    "  KEY = canary  ": "canary",
    "KEY=canary # a comment": "canary",
    "KEY=canary#1": "canary#1",
    "KEY=a=b==": "a=b==",
    "KEY=": "",
    "KEY=''": "",
    'KEY=""': "",
    "KEY='a b # c'": "a b # c",
    "KEY='a' # c": "a",
    "KEY='a' # don't write 'b'": "a",
    'KEY="a" # say "b"': "a",
    "KEY=a\u2028b\x0cc=d": "a\u2028b\x0cc=d",
    r"KEY='a\nb'": r"a\nb",
    r'KEY="a\n\"b\"\\"': 'a\n"b"\\',
    'KEY="ü"': "ü",
    "KEY='-----BEGIN KEY-----\n  a \n\n# b\n-----END KEY-----\n' # c": (
        "-----BEGIN KEY-----\n  a \n\n# b\n-----END KEY-----\n"
    ),
    'KEY="a\r\nb\\n\\"\r\nc"': 'a\nb\n"\nc',
    "export KEY = 'a\nX=\"b\"'": 'a\nX="b"',
}
MALFORMED = (
    "canary",
    "=canary",
    "K='canary",
    "K='can'ary'",
    'K="canary',
    'K="canary\\"',
    'K="canary" b',
    r'K="canary\x"',
    r'K="canary\ud800"',
    "K='canary\nB='canary'",
    'K="canary\n\nC=canary',
)


@pytest.mark.parametrize("line", LINES)
def test_a_line_gives_a_name_and_its_value(line: str) -> None:
    """In each of the ways that tools write it."""
    assert env_file.parse(line, ".env") == {"KEY": LINES[line]}


def test_a_value_over_several_lines_ends_with_its_quote() -> None:
    """And the next line is read as any other."""
    text = "A='1\n2'\nB=\"3\n4\"\nC=5\nD 6"
    assert env_file.parse(text.removesuffix("\nD 6"), ".env") == {
        "A": "1\n2",
        "B": "3\n4",
        "C": "5",
    }
    with pytest.raises(DeclarationError, match=r"\.env, line 6: "):
        env_file.parse(text, ".env")


def test_comments_and_empty_lines_give_nothing() -> None:
    """And of two lines for one name the last counts."""
    assert env_file.parse("# A=1\n\nA=2\n \nA=3", ".env") == {"A": "3"}


@pytest.mark.parametrize("line", MALFORMED)
def test_a_malformed_line_is_named_by_its_number(line: str) -> None:
    """Its text is not shown, as it may be a secret."""
    with pytest.raises(DeclarationError, match=r"\.env, line 2: ") as raised:
        env_file.parse(f"A=1\n{line}", ".env")
    assert "canary" not in str(raised.value)
    assert raised.value.__context__ is None


def test_an_open_quote_before_many_lines_is_told_soon() -> None:
    """Each line is looked at once: a megabyte of them took hours."""
    began = process_time()
    with pytest.raises(DeclarationError, match=r"\.env, line 1: the value must end with the quote"):
        env_file.parse('A="' + "x\n" * 500_000, ".env")
    assert process_time() - began < PATIENCE
