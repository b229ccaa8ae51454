"""The data of a report: what is written is read again, and what is wrong is refused."""

import dataclasses
import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from tests.fakes.bench import sample
from warmkey.deploy import report
from warmkey.deploy.report.data.bench import BadBench, Bench
from warmkey.deploy.report.data.cold_start import ColdStart, Lane, Moment, Span
from warmkey.deploy.report.data.experiment import Experiment, Series
from warmkey.deploy.report.data.ratio import Ratio

_FOLDER = Path(report.__file__).parent
SCHEMA = json.loads((_FOLDER / "data/bench.schema.json").read_text("utf-8"))
FILE = Draft202012Validator(SCHEMA)
WHEN = datetime(2026, 11, 21, 22, 19, tzinfo=timezone.utc)
FIELDS = [field.name for field in dataclasses.fields(Bench)]
PARTS = {
    "coldStart": ColdStart,
    "lane": Lane,
    "span": Span,
    "moment": Moment,
    "experiment": Experiment,
    "series": Series,
    "ratio": Ratio,
}

texts = st.text(max_size=8)
figures = st.floats(-1e9, 1e9)
samples = st.lists(figures, min_size=1, max_size=3).map(tuple)
roles = st.sampled_from(["ours", "other", "anchor", "floor"])
moments = st.builds(Moment, texts, figures)
spans = st.builds(
    lambda name, times, kind: Span(name, min(times), max(times), kind),
    texts,
    st.tuples(figures, figures),
    st.sampled_from(["platform", "extension", "function", "upstream", "wait"]),
)
lanes = st.builds(Lane, texts, st.tuples(spans), st.tuples(moments))
starts = st.builds(ColdStart, texts, roles, st.tuples(lanes), st.none() | moments, texts)
series = st.builds(Series, texts, roles, st.tuples(samples, samples | st.just(())))
experiments = st.builds(
    Experiment, texts, texts, texts, st.tuples(texts, texts), st.tuples(series, series), texts
)
ratios = st.builds(Ratio, texts, texts, samples, budget=st.none() | figures)
benches = st.builds(
    Bench,
    texts,
    texts,
    st.datetimes(timezones=st.just(timezone.utc)),
    texts,
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.tuples(starts) | st.just(()),
    st.tuples(experiments) | st.just(()),
    st.tuples(ratios) | st.just(()),
    st.lists(texts, max_size=2).map(tuple),
)
json_values: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), texts, st.just([]), st.just({})
)


def file(**changes: Any) -> dict[str, Any]:
    """The sample as a decoded file, with these fields instead."""
    return {**json.loads(sample().to_json()), **changes}


def takes(decoded: Any) -> bool:
    """Whether a decoded file is taken."""
    try:
        Bench.from_json(json.dumps(decoded))
    except BadBench:
        return False
    return True


def test_a_bench_is_read_as_it_was_written() -> None:
    """Every sample of it."""
    assert Bench.from_json(sample().to_json()) == sample()


@given(benches)
def test_any_bench_is_read_as_it_was_written_and_fits_the_schema(bench: Bench) -> None:
    """Whatever it holds."""
    text = bench.to_json()
    assert Bench.from_json(text.encode()) == bench
    assert FILE.is_valid(json.loads(text))


def test_the_schema_describes_every_field() -> None:
    """And nothing that isn't there."""
    assert meta.is_valid(SCHEMA)
    assert list(SCHEMA["properties"]) == ["version", *FIELDS[:-1]]
    for name, part in PARTS.items():
        known = [field.name for field in dataclasses.fields(part)]
        assert list(SCHEMA["$defs"][name]["properties"]) == known


@given(st.sampled_from([*FIELDS, "unknown"]).filter(lambda field: field != "when"), json_values)
def test_a_file_is_valid_if_and_only_if_it_is_taken(field: str, value: Any) -> None:
    """But for the date, which schemas only annotate."""
    changed = file(**{field: value})
    assert FILE.is_valid(changed) is takes(changed)


def _in_series(decoded: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = decoded["experiments"][0]["series"][0]
    return found


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda it: it.pop("title"), "title: Field required"),
        (lambda it: it.update(titel="x"), 'titel: Unexpected keyword argument, not "x"'),
        (lambda it: it.update(when="yesterday"), 'when: .*, not "yesterday"'),
        (lambda it: it.update(when="2026-11-21T22:19:00"), "`when` is .*, without a zone; add Z"),
        (lambda it: _in_series(it).update(role="best"), r"series\[0\].role: .*'ours', .*\"best\""),
        (
            lambda it: _in_series(it)["samples"][1].append("fast"),
            r'experiments\[0\].series\[0\].samples\[1\]\[20\]: .*number, not "fast"',
        ),
        (
            lambda it: _in_series(it)["samples"].pop(),
            r"experiments\[0\]: nothing at all has samples for 2 points, and .* has 3; an empty",
        ),
        (
            lambda it: it["cold_starts"][0]["lanes"][0]["spans"][0].update(end=-1),
            r"spans\[0\]: INIT ends at -1.0 ms, before its start at 0.0 ms",
        ),
        (lambda it: it["cold_starts"][0].update(lanes=[], finish=None), "has no span and no mom"),
        (lambda it: it["ratios"][0].update(theirs=[]), "`against` and `theirs` go together"),
        (lambda it: it["ratios"][0]["ours"].pop(), "19 and 20 samples are no pairs"),
        (lambda it: it["ratios"][0].update(ours=[]), "has no sample of ours"),
        (lambda it: it["experiments"][0].update(series=[]), "at function init has no sample"),
        (
            lambda it: it["experiments"][2].update(scale="log"),
            "no logarithmic scale can show: use linear",
        ),
        (lambda it: it.update(version=2), "version 2, and this Warmkey reads 1; take a newer"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(
    spoil: Callable[[dict[str, Any]], Any], told: str
) -> None:
    """And where."""
    decoded = file()
    spoil(decoded)
    with pytest.raises(BadBench, match=told):
        Bench.from_json(json.dumps(decoded))


@pytest.mark.parametrize("text", ["", "[1", "\xff", b"\xff\xfe\x00"])
def test_a_bench_that_is_no_json_is_refused(text: str | bytes) -> None:
    """With the place where it ceases to be."""
    with pytest.raises(BadBench, match="this is no JSON: "):
        Bench.from_json(text)


@pytest.mark.parametrize("text", ["[]", "5", "null"])
def test_a_bench_that_is_no_object_is_refused(text: str) -> None:
    """As the whole file."""
    with pytest.raises(BadBench, match="the file: Input should be an object"):
        Bench.from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_sample_is_a_number(number: str) -> None:
    """Python's writer of JSON would write others, and no scale could show them."""
    text = json.dumps(file(experiments=[])).replace('"end": 74.1', f'"end": {number}')
    with pytest.raises(BadBench, match="finite number"):
        Bench.from_json(text)


def test_the_first_of_many_faults_are_told() -> None:
    """A message that nobody reads helps nobody."""
    with pytest.raises(BadBench, match=r"; and 1 more$"):
        Bench.from_json("{}")
