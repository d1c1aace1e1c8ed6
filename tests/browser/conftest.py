"""A browser, and pages in it that must be free of faults when they are closed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.window import Window, window
from tests.comparison.interruptions import interruptions

__all__ = ["interruptions"]
Open = Callable[..., Window]


# No longer than a module: a browser that is driven holds an event loop, which tests
# elsewhere want for themselves.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    reason = chromium.missing()
    if reason:
        pytest.skip(reason)
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Open]:
    """Opens an empty page; takes what `window` does."""
    opened: list[Window] = []
    with ExitStack() as windows:

        def open_one(width: int = 1440, **more: Any) -> Window:
            opened.append(windows.enter_context(window(browser, width, **more)))
            return opened[-1]

        yield open_one
        assert [fault for one in opened for fault in one.faults] == []
