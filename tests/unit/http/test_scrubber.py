"""No text that goes out holds a secret that is known."""

import base64
import html
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.scrubber import SHORTEST, Scrubber, one_line

VALUE = 'canary/"+é 1'
texts = st.text(max_size=40)
# Few characters, so that secrets overlap, repeat and hold each other.
secrets = st.lists(
    st.text('abc*\n"/é ', min_size=SHORTEST, max_size=16).filter(
        lambda text: len(text.strip()) >= SHORTEST
    ),
    min_size=1,
    max_size=4,
)
forms = st.sampled_from(
    [
        str,
        repr,
        json.dumps,
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="").lower(),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
        lambda text: one_line(text, 100),
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: json.dumps(json.dumps({"Value": text})),
        lambda text: json.dumps(text).replace("/", "\\/"),
        html.escape,
        lambda text: html.escape(text).replace("&#x27;", "&apos;").replace("&quot;", "&#34;"),
        quote,
        quote_plus,
        lambda text: quote(quote(text, safe="")),
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: "\n".join(text),
        lambda text: "\r\n\t".join((text[:3], text[3:])),
        lambda text: base64.encodebytes(text.encode()).decode(),
        lambda text: base64.b64encode(f"AWS:{text}".encode()).decode(),
        lambda text: base64.b64encode(f"user:{text}, and more".encode()).decode(),
    ]
)


def told(text: str, known: Iterable[str]) -> set[str]:
    """The secrets that a text still tells to who undoes what was done to them."""
    undone = {text}
    for _ in range(2):
        undone |= {unquote(each) for each in undone} | {html.unescape(each) for each in undone}
        undone |= {each.replace("\\/", "/") for each in undone}
        for each in list(undone):
            with suppress(ValueError):
                undone.add(str(json.loads(f'"{each}"')))
    squeezed = {"".join(one_line(each, 9999).split(" ")) for each in undone}
    return {
        each
        for each in known
        if any(each in text for text in undone)
        or any(
            len(needle) >= SHORTEST and needle in text
            for needle in ("".join(one_line(each, 99).split(" ")),)
            for text in squeezed
        )
        or each.encode().hex() in text.lower()
    }


def clean(text: str, *known: str | bytes) -> str:
    """A text without secrets."""
    return Scrubber(lambda: known).clean(text)


@pytest.mark.parametrize("form", [VALUE, json.dumps(VALUE)[1:-1], quote(VALUE, safe="")])
def test_a_secret_is_taken_out_wherever_it_stands(form: str) -> None:
    """And nothing else is."""
    assert clean(form, VALUE) == "***"
    assert clean(f"the value {form} is not allowed", VALUE) == "the value *** is not allowed"
    assert clean(f"{form}{form} {form}", VALUE) == "****** ***"


@given(secrets, st.lists(texts, min_size=5, max_size=5), st.lists(forms, min_size=4, max_size=4))
def test_no_text_holds_a_secret_in_any_form(
    known: list[str], between: list[str], written: list[Callable[[str], str]]
) -> None:
    """Whatever stands around them, and though one begins within another."""
    pieces = [form(secret) for form, secret in zip(written, known, strict=False)]
    text = "".join(
        part for pair in zip(between, [*pieces, "", "", "", "", ""], strict=False) for part in pair
    )
    cleaned = clean(text, *known)
    assert not told(cleaned, known)
    for secret in known:
        for form in (json.dumps(secret)[1:-1], quote(secret, safe=""), repr(secret)[1:-1]):
            assert form not in cleaned
        encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
        assert encoded not in cleaned


@given(texts, secrets)
def test_a_text_without_a_secret_stays_as_it_is(text: str, known: list[str]) -> None:
    """But where the beginning of one stands at its end, cut off."""
    heads = {"".join(one_line(secret, 99).split(" "))[:SHORTEST] for secret in known}
    if not any(head[:1] in text for head in heads):
        assert clean(text, *known) == one_line(text)


@pytest.mark.parametrize("mark", ["", "…", "'"])
def test_a_secret_that_was_cut_off_is_taken_out(mark: str) -> None:
    """Its beginning tells of it."""
    assert clean(f"no secret is declared as canary-12{mark}", "canary-1234567890") == (
        f"no secret is declared as ***{mark}"
    )
    assert clean("canary-1 is a name", "canary-1234567890") == "canary-1 is a name"


@pytest.mark.parametrize("short", ["", "true", "5432", "1234567", "      1", b"1234567"])
def test_a_short_value_is_ordinary_text(short: str | bytes) -> None:
    """Under eight characters: nobody can tell it from the rest."""
    text = f"port 5432 is true 1234567 {short!r}"
    assert clean(text, short) == text


def test_a_binary_secret_is_known_by_its_base64() -> None:
    """And by its text, where it is one."""
    assert clean(base64.b64encode(b"\0canary\xff\1").decode(), b"\0canary\xff\1") == "***"
    assert clean("it is canary-1 here", b"canary-1") == "it is *** here"


def test_known_secrets_may_change() -> None:
    """A value that is no longer held is no longer looked for."""
    known = ["canary-1"]
    scrubber = Scrubber(lambda: known)
    assert scrubber.clean("canary-1 canary-2") == "*** canary-2"
    known[:] = ["canary-2"]
    assert scrubber.clean("canary-1 canary-2") == "canary-1 ***"


def test_a_text_that_was_harmless_is_looked_at_anew_when_secrets_change() -> None:
    """Texts that are said again and again are remembered: no longer than they hold no secret."""
    known: list[str] = []
    scrubber = Scrubber(lambda: known)
    texts = [f"canary-{number:04d}" for number in range(1000)]
    for _ in range(2):
        assert [scrubber.clean(text) for text in texts] == texts
    known[:] = texts[-10:]
    assert [scrubber.clean(text) for text in texts] == texts[:-10] + ["***"] * 10


@given(st.text(max_size=30), st.integers(1, 30))
def test_one_line_is_printable_and_bounded(text: str, longest: int) -> None:
    """It steers no terminal, and no log."""
    line = one_line(text, longest)
    assert len(line) == min(len(text), longest)
    assert line.isprintable()
    if text.isprintable() and len(text) <= longest:
        assert line == text
