"""The speed in a browser: plots at any width, in both schemes, on paper, by words."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comparison.report.page import page as drawn
from comparison.report.page import speed_page
from comparison.report.page.appendix import Appendix
from tests.browser.conftest import Open
from tests.browser.window import Scheme, address, unfold
from tests.comparison import speed_sample
from tests.comparison.hostile import HOSTILE
from tests.comparison.test_formats import RUNS

WIDTHS = (320, 768, 1600)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PAGES: Mapping[str, Callable[[], str]] = {
    "alone": lambda: speed_page.render(speed_sample.sample()),
    "within a run": lambda: drawn.render(RUNS["timed"](), None, Appendix()),
    "hostile": lambda: speed_page.render(speed_sample.hostile(HOSTILE)),
}
# Letters of plots, as they are seen: none is less than 12 pixels high, and of our own
# names none is cut off at an edge.
LETTERS = """
[...document.querySelectorAll('svg[role=img] text')].map(one => {
  const box = one.getBoundingClientRect();
  const around = one.closest('figure').getBoundingClientRect();
  return [parseFloat(getComputedStyle(one).fontSize), box.left - around.left,
    around.right - box.right, one.textContent];
})
"""


def wide(page: Page) -> Any:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_it_is_readable_at_any_width_in_both_schemes(
    name: str, width: int, scheme: Scheme, open_window: Open, tmp_path: Path
) -> None:
    opened = open_window(width, scheme=scheme)
    where = address(PAGES[name](), tmp_path)
    opened.page.goto(where)
    if name == "alone":
        opened.picture(f"speed-{width}-{scheme}")
    assert wide(opened.page) <= width
    unfold(opened.page)
    assert wide(opened.page) <= width
    assert opened.violations() == []
    assert opened.loaded() == [where]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_letter_of_a_plot_is_seen_and_large_enough(
    width: int, open_window: Open, tmp_path: Path
) -> None:
    page = open_window(width).page
    page.goto(address(PAGES["alone"](), tmp_path))
    found = page.evaluate(LETTERS)
    assert len(found) > 150
    for size, left, right, text in found:
        assert size >= 12, text
        assert left >= -1, (text, left)
        assert right >= -1, (text, right)


def test_texts_of_a_row_do_not_meet(open_window: Open, tmp_path: Path) -> None:
    """A title stands at the left, what is said of it at the right."""
    page = open_window(320).page
    page.goto(address(PAGES["alone"](), tmp_path))
    meeting = page.evaluate(
        """
        [...document.querySelectorAll('svg[role=img]')].flatMap(plot => {
          const texts = [...plot.querySelectorAll('text')].map(one =>
            [one.textContent, one.getBoundingClientRect()]);
          return texts.flatMap(([text, a], n) => texts.slice(n + 1)
            .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
              && a.top < b.bottom - 5 && b.top < a.bottom - 5)
            .map(([other]) => `${text} | ${other}`));
        })
        """
    )
    assert meeting == []


def test_without_colours_and_without_script_subjects_are_told_apart(
    open_window: Open, tmp_path: Path
) -> None:
    page = open_window(java_script_enabled=False).page
    page.goto(address(PAGES["alone"](), tmp_path))
    plot = page.get_by_role("img", name="p99: 99 of 100 took at most")
    expect(plot).to_have_count(2)
    expect(plot.first).to_contain_text("fastapi: knee 1,600/s")
    styles = page.locator("svg[role=img] .line:not(.doubtful)").evaluate_all(
        "all => all.map(one => [one.getAttribute('class'),"
        " getComputedStyle(one).strokeDasharray].join())"
    )
    assert len({*styles}) == 2
    assert len({style.split(",", 1)[1] for style in styles}) == 2


def test_on_paper_plots_and_their_numbers_are_there(
    open_window: Open, tmp_path: Path
) -> None:
    page = open_window(718).page
    page.goto(address(PAGES["alone"](), tmp_path))
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("svg[role=img]").first).to_be_visible()
    unfold(page)
    wider = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter("
        "one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).length"
    )
    assert wider == 0
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")


def test_an_operation_leads_to_the_chapter(open_window: Open, tmp_path: Path) -> None:
    page = open_window().page
    page.goto(address(PAGES["within a run"](), tmp_path))
    page.locator("#operation-getArticle").get_by_role("link", name="how it was").click()
    expect(page.get_by_role("heading", name="Speed", exact=True)).to_be_in_viewport()
