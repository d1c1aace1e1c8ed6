"""How long a report takes to be seen, and to be whole, from disk.

    uv run python -m tests.browser.paint [FILE ...]

Without a file: the report of the last run, and one of 5,000 differences. Each is
opened anew several times; milliseconds from the start of the navigation, as the
browser tells them, and their median.
"""

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from comparison.report.page import page as drawn
from comparison.stacks import ROOT
from tests.browser.chromium import launched
from tests.browser.window import window
from tests.comparison.test_formats import RUNS

TIMES = 7
ROW = "{:<24} {:>9} {:>9} {:>12} {:>8}"
# Both by W3C's Paint Timing and Navigation Timing.
TOLD = (
    "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
    " performance.getEntriesByType('navigation')[0].loadEventEnd]"
)


def main(arguments: Sequence[str]) -> int:
    """Print the table."""
    print(ROW.format("report", "kB", "requests", "first paint", "whole"))
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        many = Path(name) / "5,000 differences"
        many.with_suffix(".html").write_text(drawn.render(RUNS["many"]()), "utf-8")
        last = ROOT / "results" / "report.html"
        given = [Path(one).resolve() for one in arguments]
        for file in given or [last, many.with_suffix(".html")]:
            row(browser, file)
    return 0


def row(browser: Browser, file: Path) -> None:
    """Open it several times, and print the medians."""
    times, asked = list[list[float]](), 0
    for _ in range(TIMES):
        with window(browser) as opened:
            opened.page.goto(file.as_uri())
            opened.page.wait_for_function(f"{TOLD}.every(Boolean)")
            times.append(opened.page.evaluate(TOLD))
            asked = len(opened.loaded()) - 1
    painted, whole = (
        f"{statistics.median(all_of):.0f} ms" for all_of in zip(*times, strict=True)
    )
    size = f"{file.stat().st_size / 1000:,.0f}"
    print(ROW.format(file.stem, size, asked, painted, whole), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
