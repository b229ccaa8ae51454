"""The documentation builds, and stands by itself."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docs.generate.mirror import PAGES
from tests.docs.messages import ROOT
from tests.fakes.chromium import Visit, chromium


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built strictly: a link or an anchor that leads nowhere stops it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    assert built.returncode == 0, built.stderr
    return folder


def test_the_site_is_built_without_a_warning(site: Path) -> None:
    """With every page, those that are files elsewhere too."""
    for page in PAGES:
        assert (site / page).with_suffix(".html").exists()


def test_site_fetches_nothing_from_elsewhere(site: Path) -> None:
    """No font, script, style or picture of a page comes from another host."""
    loads = re.compile(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"?(?:https?:)?//|@import")
    sheets = re.compile(r"<link[^>]*rel=\"?stylesheet\"?[^>]*href=\"?(?:https?:)?//")
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not loads.search(text), page
        assert not sheets.search(text), page


def test_every_mark_is_filled(site: Path) -> None:
    """What is made from the code is there."""
    for page in site.rglob("*.html"):
        assert "<!-- made:" not in page.read_text("utf-8"), page


def test_site_is_searched_from_a_disk(site: Path) -> None:
    """Where a browser starts no worker; the first result is a page that is there."""
    with chromium() as browser:
        visit = Visit(browser.new_page())
        visit.load(site / "reference/settings.html")
        visit.page.locator(".md-search__input").click()
        visit.page.keyboard.type("throttled")
        first = visit.page.locator("a.md-search-result__link").first
        first.wait_for()
        found = urlsplit(first.get_attribute("href") or "")
        assert "throttled" in Path(found.path).read_text("utf-8")
        assert {urlsplit(each).scheme for each in visit.requests} == {"file"}
        assert visit.complaints == []
