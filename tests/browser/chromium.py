"""The Chromium or Chrome of this machine; none is ever downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ADVICE = (
    "no Chromium: install Debian's `chromium` (apt-get install chromium), or set"
    " CHROMIUM to the program of a Chromium or Chrome"
)


def executable() -> Path | None:
    """The program that CHROMIUM names, or the first that is found."""
    given = os.environ.get("CHROMIUM")
    found = filter(None, map(shutil.which, [given] if given else NAMES))
    return next(map(Path, found), None)


def missing() -> str | None:
    """Why there is no browser and how to get one, or None if there is one."""
    return None if executable() else ADVICE


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless one, which ends with the block."""
    program = executable()
    if program is None:
        raise FileNotFoundError(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        try:
            yield browser
        finally:
            browser.close()
