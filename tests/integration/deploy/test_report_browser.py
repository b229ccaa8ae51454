"""The page in headless Chromium: on a phone and on a desk, light and dark, and on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.fakes.bench import sample
from tests.fakes.chromium import Visit, chromium
from warmkey.deploy.report.drawing.page import page

Scheme = Literal["light", "dark"]
PHONE, DESK = 360, 1280  # pixels
SECTIONS = ["cold_starts", "ratios", "experiments", "method", "footnotes"]

# The least contrast of any text with what lies behind it, by WCAG 2.2, and that text.
CONTRAST = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(part => part / 255)
    .map(p => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return parts(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = [21, ''];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.trim();
    if (!text || element.closest('svg')) continue;
    const [low, high] = [light(getComputedStyle(element).color), light(behind(element))]
      .sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < least[0]) least = [contrast, text];
  }
  return least;
}"""

# Elements with text of their own that reach beyond the window's sides.
BEYOND = """() => [...document.querySelectorAll('main *')]
  .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(each => !each.closest('svg, thead, .hidden'))
  .filter(each => each.getClientRects().length)
  .filter(each => each.getBoundingClientRect().right > innerWidth
    || each.getBoundingClientRect().left < 0)
  .map(each => each.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests here."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page(sample()), encoding="utf-8")
    return file


def visited(browser: Browser, report: Path, width: int, scheme: Scheme = "light") -> Visit:
    """The page, loaded in a window of this width."""
    opened = browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)
    visit = Visit(opened)
    visit.load(report)
    return visit


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_loads_without_errors_and_without_the_network(
    browser: Browser, report: Path, width: int
) -> None:
    """One file is all there is."""
    visit = visited(browser, report, width)
    assert visit.complaints == []
    assert visit.requests == []


def test_every_section_is_to_be_seen(browser: Browser, report: Path) -> None:
    """One below the other."""
    shown = visited(browser, report, DESK).page
    boxes = [shown.locator(f"#{name}").bounding_box() for name in SECTIONS]
    tops = [box["y"] for box in boxes if box and box["height"] > 50]
    assert tops == sorted(tops)
    assert len(tops) == len(SECTIONS)


@pytest.mark.parametrize("width", [320, PHONE, 700, 760, DESK, 2200])
def test_the_page_reaches_not_beyond_the_window(browser: Browser, report: Path, width: int) -> None:
    """Nobody has to scroll sideways."""
    shown = visited(browser, report, width).page
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    assert shown.evaluate(BEYOND) == []


def test_text_is_large_enough_on_a_phone(browser: Browser, report: Path) -> None:
    """Twelve pixels at least, and sixteen where it is to be read at length."""
    shown = visited(browser, report, PHONE).page
    sizes = shown.evaluate(
        """['main *', '#method p'].map(which => Math.min(...[...document.querySelectorAll(which)]
          .map(each => parseFloat(getComputedStyle(each).fontSize))))"""
    )
    assert sizes[0] >= 12
    assert sizes[1] >= 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_text_has_enough_contrast(
    browser: Browser, report: Path, width: int, scheme: Scheme
) -> None:
    """Level AA of WCAG 2.2, whichever scheme the reader prefers."""
    contrast, text = visited(browser, report, width, scheme).page.evaluate(CONTRAST)
    assert contrast >= 4.5, text


def test_dark_and_light_differ(browser: Browser, report: Path) -> None:
    """As the reader prefers."""
    grounds = {
        scheme: visited(browser, report, DESK, scheme).page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(253, 252, 250)", "dark": "rgb(21, 23, 26)"}


def test_marks_of_one_figure_lie_one_below_the_other(browser: Browser, report: Path) -> None:
    """All plots of an experiment begin and end at the same pixels: one scale."""
    for width in (PHONE, DESK):
        shown = visited(browser, report, width).page
        edges = shown.evaluate(
            """[...document.querySelectorAll('article:first-of-type .strip')]
              .map(each => each.getBoundingClientRect()).map(box => [box.left, box.right].join())"""
        )
        assert len(edges) == 18
        assert len(set(edges)) == 1


def test_the_page_prints_in_light_colours(browser: Browser, report: Path) -> None:
    """Even for a reader who prefers dark ones."""
    shown = visited(browser, report, DESK, "dark").page
    shown.emulate_media(media="print", color_scheme="dark")
    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(253, 252, 250)"
    assert shown.pdf(format="A4").startswith(b"%PDF-")


def test_the_samples_can_be_saved(browser: Browser, report: Path) -> None:
    """Out of the page itself."""
    shown = visited(browser, report, DESK).page
    with shown.expect_download() as saved:
        shown.get_by_role("link", name="bench.json").click()
    assert Path(saved.value.path()).read_text("utf-8") == sample().to_json()
