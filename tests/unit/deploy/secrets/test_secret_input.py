"""Values on their way in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmkey.deploy.output.failure import Failure
from warmkey.deploy.secrets import secret_input
from warmkey.deploy.secrets.secret_input import SecretText, decode
from warmkey.deploy.secrets.stored import Stored
from warmkey.deploy.secrets.stores.present import Present
from warmkey.deploy.secrets.stores.put_request import PutRequest

CANARY = "canary"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"canary", SecretText(CANARY)),
        (b"canary\n", SecretText(CANARY, stripped=True)),
        (b"canary\r\n", SecretText(CANARY, stripped=True)),
        (b"canary\n\n", SecretText("canary\n", stripped=True)),
        (b"canary\r", SecretText("canary\r")),
        (b" canary ", SecretText(" canary ")),
        ("schlüssel".encode(), SecretText("schlüssel")),
    ],
)
def test_one_line_break_at_the_end_is_taken_off(data: bytes, expected: SecretText) -> None:
    """And nothing else."""
    assert decode(data, "k.txt") == expected


@pytest.mark.parametrize("text", ["canary\n", "canary\r\n"])
def test_a_line_break_may_be_kept(text: str) -> None:
    """A private key may need it."""
    assert decode(text.encode(), "k.pem", keep_newline=True) == SecretText(text)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"canary\xff", "byte 6 of k.txt is not UTF-8 text; Parameter Store holds text: encode"),
        (b"canary\0", "k.txt holds a NUL character; Parameter Store holds text"),
        (b"\xef\xbb\xbfcanary", "k.txt begins with a byte order mark; save it as UTF-8 without"),
        (b"", "k.txt is empty"),
        (b"\n", "k.txt is empty"),
    ],
)
def test_a_value_that_is_no_text_is_refused_with_what_to_do(data: bytes, complaint: str) -> None:
    """And with none of it."""
    with pytest.raises(Failure) as refused:
        decode(data, "k.txt")
    assert complaint in refused.value.message
    assert CANARY not in refused.value.message


@given(st.text(min_size=1).filter(lambda text: not set(text) & set("\0\n\r\ufeff")))
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    """With one line break or without."""
    assert (
        decode(text.encode(), "k.txt").value == decode(f"{text}\n".encode(), "k.txt").value == text
    )


def test_a_repr_shows_no_value() -> None:
    """Nor, therefore, in a traceback with locals."""
    present = Present(Stored("/a", "SecureString", "1", None), CANARY)
    assert CANARY not in repr((SecretText(CANARY), PutRequest(CANARY), present))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder, or nothing."""
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(Failure, match=f"{path} can't be read: "):
            secret_input.read(str(path), keep_newline=False)
