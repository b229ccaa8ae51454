"""Headless Chromium: what a page does in a browser, and what it asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.patience import PATIENCE
from warmkey.deploy.report.drawing import picture


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; tests are skipped where there is none."""
    try:
        path = picture.browser()
    except picture.NoPicture:
        pytest.skip("there is no Chromium to look at a page with: `make tools` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, timeout=1000 * PATIENCE)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page in a browser, and everything that it complains of or asks for.

    Args:
        page: The page, not loaded yet.

    Attributes:
        page: The page.
        complaints: What it wrote to the console, and its uncaught errors.
        requests: The addresses that it asked for besides its own.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(1000 * PATIENCE)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def load(self, file: Path) -> None:
        """Load a file."""
        self._own = file.as_uri()
        self.page.goto(self._own, wait_until="load")

    def _console(self, message: ConsoleMessage) -> None:
        self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if request.url != self._own:
            self.requests.append(request.url)
