"""The page: everything of a bench is on it, as text that cannot become anything else."""

import base64
import re
from dataclasses import replace

import pytest

from tests.fakes.bench import sample
from warmkey.deploy.report.data.bench import Bench
from warmkey.deploy.report.data.cold_start import ColdStart, Lane, Moment
from warmkey.deploy.report.data.experiment import Experiment, Series
from warmkey.deploy.report.data.ratio import Ratio
from warmkey.deploy.report.drawing.page import headlines, page, ratio_scale

EVIL = "</title></style><script>alert(1)</script><b title='\"&"
BENCH = sample()
BARE = replace(BENCH, cold_starts=(), experiments=(), ratios=(), footnotes=())


def sections(html: str) -> list[str]:
    """The sections' ids."""
    return re.findall(r'<section id="(\w+)">', html)


def test_every_section_is_there_and_in_the_contents() -> None:
    """In the order of a reader's questions."""
    html = page(BENCH)
    assert sections(html) == ["cold_starts", "ratios", "experiments", "method", "footnotes"]
    assert re.findall(r'<a href="#(\w+)">', html) == sections(html)


def test_a_section_of_nothing_is_left_out() -> None:
    """A run may have done one thing alone."""
    assert sections(page(BARE)) == ["method"]


def test_every_sample_is_a_mark() -> None:
    """None is hidden behind a median."""
    [experiment] = (each for each in BENCH.experiments if each.title == "Warm reads")
    html = page(replace(BARE, experiments=(experiment,)))
    [circles] = re.findall(r'class="strip ours".*?<g class="samples">(.*?)</g>', html, re.DOTALL)[
        :1
    ]
    assert circles.count("<circle") == len(experiment.series[0].samples[0]) == 20


def test_the_page_says_what_was_not_measured() -> None:
    """And leaves no empty plot."""
    assert page(BENCH).count("not measured</td>") == 1


def test_text_of_a_bench_never_becomes_markup() -> None:
    """Whatever somebody calls a function, or a machine says of itself."""
    experiment = Experiment(EVIL, EVIL, EVIL, (EVIL,), (Series(EVIL, "ours", ((1.0,),)),), EVIL)
    html = page(
        Bench(
            EVIL,
            EVIL,
            BENCH.when,
            EVIL,
            ((EVIL, EVIL),),
            (EVIL,),
            (
                ColdStart(
                    EVIL, "ours", (Lane(EVIL, (), (Moment(EVIL, 1),)),), Moment(EVIL, 2), EVIL
                ),
            ),
            (experiment,),
            (Ratio(EVIL, EVIL, (1.0,), EVIL, (2.0,)),),
            (EVIL,),
        )
    )
    assert "<script" not in html
    assert "<b title=" not in html
    assert html.count("</title>") == html.count("<title>")


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    """The only addresses are in the page itself."""
    html = page(BENCH)
    assert "<script" not in html
    assert {address.split(",")[0] for address in re.findall(r'(?:src|href)="([^"#]+)', html)} == {
        "data:",
        "data:application/json;base64",
    }
    assert set(re.findall(r"url\((.*?)\)", html)) == {"#hatched"}


def test_the_samples_come_with_the_page() -> None:
    """Whoever has the page has the file."""
    [encoded] = re.findall(r'href="data:application/json;base64,([^"]+)"', page(BENCH))
    assert Bench.from_json(base64.b64decode(encoded)) == BENCH


def test_the_headline_has_the_marked_ratios() -> None:
    """At most three."""
    assert [ratio.what for ratio in headlines(BENCH)] == [
        "10 secrets in hand at init",
        "One secret in hand",
        "Warm reads over 16 connections",
    ]


def test_the_first_ratios_are_the_headline_where_none_is_marked() -> None:
    """A page without one would say nothing at first sight."""
    plain = tuple(replace(ratio, headline=False) for ratio in BENCH.ratios)
    assert headlines(replace(BENCH, ratios=plain)) == plain[:3]


@pytest.mark.parametrize("theirs", [(0.0,), (-1.0, 2.0, -3.0)])
def test_a_ratio_that_is_none_is_left_open(theirs: tuple[float, ...]) -> None:
    """Something beside a floor of nothing; both figures are still told."""
    html = page(replace(BARE, ratios=(Ratio("added", "ms", (1.0,), "C floor", theirs, budget=1),)))
    assert "beside C floor" in html
    assert re.search(r'data-name="Ratio" class="none">&ndash;<', html)
    assert "✗&nbsp;not met, not certain" in html


def test_the_scale_of_ratios_holds_equality_budgets_and_intervals() -> None:
    """Of positive ones: a logarithmic scale has no others."""
    scale = ratio_scale(BENCH)
    assert scale.ticks[0] <= 0.041
    assert scale.ticks[-1] >= 1.4
    negative = Ratio("added", "ms", (-1.0,) * 6, "Go", (20.0,) * 6, budget=0.5)
    assert ratio_scale(replace(BARE, ratios=(negative,))).ticks == (0.5, 1)


def test_a_page_made_anew_is_the_same_page() -> None:
    """Nothing in it is random."""
    read = Bench.from_json(BENCH.to_json())
    assert page(Bench.from_json(read.to_json())) == page(read)


def test_a_legend_explains_what_is_there() -> None:
    """And nothing else."""
    two = Series("without", "other", ((2.0,),)), Series("with", "ours", ((1.0,),))
    html = page(replace(BARE, experiments=(Experiment("init", "memory", "ms", ("a",), two),)))
    assert "other ways to the same thing" in html
    assert "nobody can be below it" not in html
    assert "Lambda</li>" not in html
