"""Drawings that stand alone."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.fakes.bench import sample
from warmkey.deploy.report.data.cold_start import ColdStart, Lane, Moment, Span
from warmkey.deploy.report.data.experiment import Experiment, Series
from warmkey.deploy.report.drawing.svg import comparison, shortened, waterfall

SVG = "{http://www.w3.org/2000/svg}"
BENCH = sample()
EVIL = "</text><script>'\"&"


def drawn(svg: str) -> Element:
    """A drawing, which has to be well-formed."""
    return fromstring(svg)  # noqa: S314 - our own


def words(drawing: Element) -> list[str]:
    """Each text in it."""
    return ["".join(each.itertext()) for each in drawing.iter(f"{SVG}text")]


def test_the_waterfall_shows_each_start_and_its_finish() -> None:
    """With and without, on one scale."""
    told = words(drawn(waterfall(BENCH)))
    assert "With Warmkey30 secrets in hand after67.7 ms" in told
    assert "boto3 in the function30 secrets in hand after508 ms" in told
    assert told.count("600") == 1


def test_a_bar_is_as_long_as_its_span() -> None:
    """From zero: INIT of 100 ms takes half of 200."""
    lane = Lane("Lambda", (Span("INIT", 50, 150, "platform"),), (Moment("end", 200),))
    bench = replace(BENCH, cold_starts=(ColdStart("With Warmkey", "ours", (lane,)),))
    [bar] = (
        each
        for each in drawn(waterfall(bench)).iter(f"{SVG}rect")
        if each.get("class") == "span platform" and each.get("width", "").endswith("%")
    )
    assert (bar.get("x"), bar.get("width")) == ("25.00%", "50.00%")


def test_a_bar_has_its_name_in_it_where_that_has_room() -> None:
    """A hatched one has none: nobody could read it."""
    spans = (
        Span("long", 0, 100, "platform"),
        Span("short", 100, 101, "function"),
        Span("call", 101, 200, "upstream"),
    )
    start = ColdStart("With Warmkey", "ours", (Lane("Lambda", spans),))
    told = words(drawn(waterfall(replace(BENCH, cold_starts=(start,)))))
    assert {"long", "short", "call"}.intersection(told) == {"long"}


def test_the_comparison_shows_everybody_at_each_point() -> None:
    """The first experiment is the main one."""
    told = words(drawn(comparison(BENCH)))
    assert told[0] == "Secrets in hand at function init"
    assert told.count("boto3 in the function") == 3


def test_a_drawing_says_where_it_comes_from() -> None:
    """A picture travels alone."""
    for svg in (waterfall(BENCH), comparison(BENCH)):
        assert "AWS's Rapid core on this machine, 21 November 2026, make bench ROUNDS=20" in words(
            drawn(svg)
        )


def test_a_drawing_tells_who_does_not_see_it() -> None:
    """In its description."""
    [told] = drawn(comparison(BENCH)).findall(f"{SVG}desc")
    assert "10 secrets: boto3 in the function: median 488 ms, 20 samples" in str(told.text)


def test_a_drawing_has_colours_for_light_and_for_dark() -> None:
    """And a card of its own to stand on."""
    assert waterfall(BENCH).count("prefers-color-scheme: dark") == 1


def test_text_never_becomes_markup() -> None:
    """Whatever it holds."""
    experiment = Experiment(
        EVIL, EVIL, EVIL, (EVIL,), (Series(EVIL, "ours", ((1.0,),)), Series("b", "other", ((),)))
    )
    lane = Lane(EVIL, (Span(EVIL, 0, 1, "wait"),))
    start = ColdStart(EVIL, "ours", (lane,), Moment(EVIL, 1))
    bench = replace(BENCH, title=EVIL, cold_starts=(start,), experiments=(experiment,))
    for svg in (waterfall(bench), comparison(bench)):
        assert not list(drawn(svg).iter(f"{SVG}script"))
    assert "not measured" in words(drawn(comparison(bench)))


@pytest.mark.parametrize(("text", "cut"), [("Runtime", "Runtime"), ("Extension", "Extensi…")])
def test_a_label_that_has_no_room_is_cut(text: str, cut: str) -> None:
    """And says that it is."""
    assert shortened(text, 8) == cut
