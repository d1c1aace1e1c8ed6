"""The report in a browser: filters, links, keys, both schemes, any width, on paper."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from comparison.cli import main
from comparison.report.page import page as drawn
from comparison.report.page.appendix import Appendix
from tests.browser.conftest import Open
from tests.browser.window import Scheme, address, unfold
from tests.comparison.hostile import hostile_run
from tests.comparison.mutants import mutants, planted
from tests.comparison.test_formats import RUNS

pytestmark = pytest.mark.long
WIDTHS = (320, 768, 1600)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


# Without a browser there would be nobody to look at it.
@pytest.fixture(scope="module")
def report(
    browser: Browser,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of a real report: our stacks, one of which answers a wrong status."""
    [mutant] = [one for one in mutants() if one.name == "js-comment-created-200"]
    kept = tmp_path_factory.mktemp("report") / "report.html"
    chosen = ["--select", "createComment", "--select", "listComments"]
    with planted(mutant) as (folder, flags):
        main([*flags, *chosen, "--max-examples", "0", "--quiet", "--exit-zero"])
        shutil.copy(folder / "results" / "report.html", kept)
    return kept.as_uri()


def shown_operations(page: Page) -> list[str]:
    rows = page.locator("table.operations tbody tr:visible a")
    return rows.all_text_contents()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_readable_at_any_width_in_both_schemes(
    report: str, open_window: Open, width: int, scheme: Scheme
) -> None:
    opened = open_window(width, scheme=scheme)
    page = opened.page
    page.goto(report)
    opened.picture(f"report-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.loaded() == [report]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1600, "light")])
def test_nothing_is_in_the_way_of_anybody(
    report: str, open_window: Open, width: int, scheme: Scheme
) -> None:
    """What axe finds, with all that is folded unfolded."""
    opened = open_window(width, scheme=scheme)
    opened.page.goto(report)
    unfold(opened.page)
    assert opened.violations() == []


def test_dark_is_dark_and_light_is_light(report: str, open_window: Open) -> None:
    lightness = {}
    for scheme in SCHEMES:
        page = open_window(scheme=scheme).page
        page.goto(report)
        colours = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.body).color]"
        )
        lightness[scheme] = [sum(map(int, re.findall(r"\d+", c))) for c in colours]
    ground, text = lightness["light"]
    assert ground > text + 450
    ground, text = lightness["dark"]
    assert text > ground + 450


def test_the_filter_shows_what_is_looked_for(report: str, open_window: Open) -> None:
    page = open_window().page
    page.goto(report)
    every = shown_operations(page)
    assert len(every) == 19
    page.get_by_label("Find", exact=True).fill("comment")
    some = shown_operations(page)
    assert {"createComment", "listComments", "deleteComment"} <= set(some)
    assert "login" not in some
    assert page.locator("article.operation:visible").count() == len(some)
    expect(page.locator("#found")).to_contain_text("are shown")
    page.get_by_label("Verdict").select_option("differs")
    assert shown_operations(page) == ["createComment"]
    page.get_by_role("button", name="Show all").first.click()
    expect(page.locator("#found")).to_be_empty()
    assert shown_operations(page) == every
    assert page.locator("article.operation:visible").count() == len(every)


def test_what_is_looked_for_stays_in_the_address(
    report: str, open_window: Open
) -> None:
    page = open_window().page
    page.goto(report)
    page.get_by_label("Find", exact=True).fill("a+b & c#d")
    page.get_by_label("Find", exact=True).fill("comment")
    page.get_by_label("Verdict").select_option("same")
    page.get_by_label("only what differs").check()
    shared, some = page.url, shown_operations(page)
    assert shared.startswith(report)
    other = open_window().page
    other.goto(shared)
    assert shown_operations(other) == some
    expect(other.get_by_label("Find", exact=True)).to_have_value("comment")
    expect(other.get_by_label("only what differs")).to_be_checked()
    other.reload()
    assert shown_operations(other) == some
    other.goto(f"{report}#?find=a%2Bb+%26+c%23d")
    expect(other.get_by_label("Find", exact=True)).to_have_value("a+b & c#d")
    assert shown_operations(other) == []


def test_the_atlas_is_searched(report: str, open_window: Open) -> None:
    page = open_window().page
    page.goto(report)
    every = page.locator("[data-habit]").count()
    differing = page.locator("tr[data-differs]")
    mixed = page.locator("[data-habit]").filter(has=differing)
    mixed = mixed.filter(has=page.locator("tbody tr:not([data-differs])"))
    title = mixed.first.locator("summary [id$=title]").inner_text()
    page.get_by_label("Search", exact=True).fill(title.upper())
    habit = page.locator("[data-habit]:visible").filter(has_text=title)
    expect(habit).to_have_attribute("open", "")
    assert page.locator("[data-habit]:visible").count() < every
    rows = habit.locator("tbody tr:visible")
    before = rows.count()
    assert before > 0
    page.get_by_label("only what differs").check()
    assert 0 < rows.count() < before
    page.get_by_role("button", name="Show all").last.click()
    expect(page.locator("#probes-found")).to_be_empty()
    assert page.locator("[data-habit]:visible").count() == every


def test_every_link_leads_to_what_is_there_and_seen(
    report: str, open_window: Open
) -> None:
    page = open_window().page
    page.goto(report)
    links = page.locator("a[href^='#']")
    wanted = dict.fromkeys(link.get_attribute("href") or "" for link in links.all())
    assert len(wanted) > 60
    for href in wanted:
        page.evaluate("href => { location.hash = href; }", href)
        target = page.locator(f"[id='{href[1:]}']")
        expect(target).to_have_count(1)
        expect(target).to_be_in_viewport()


def test_a_link_shows_what_the_filter_has_hidden(
    report: str, open_window: Open
) -> None:
    page = open_window().page
    page.goto(f"{report}#operation-login?find=createComment")
    expect(page.locator("#operation-login")).to_be_in_viewport()
    expect(page.locator("#operation-createComment")).to_be_visible()
    expect(page.locator("#operation-listTags")).to_be_hidden()


def test_a_link_from_elsewhere_unfolds_what_it_leads_to(
    report: str, open_window: Open
) -> None:
    page = open_window().page
    page.goto(f"{report}#name-auth-read-token-readToken")
    expect(
        page.get_by_role("heading", name="read_token = readToken")
    ).to_be_in_viewport()


def test_a_link_into_the_atlas_shows_what_the_search_has_hidden(
    open_window: Open, tmp_path: Path
) -> None:
    page = open_window().page
    where = address(drawn.render(RUNS["nothing"]()), tmp_path)
    page.goto(f"{where}#atlas?search=there+is+no+such+thing")
    habits = page.locator("[data-habit]")
    assert habits.count() > 0
    expect(page.locator("[data-layer]:visible")).to_have_count(0)
    name = habits.last.get_attribute("id")
    page.evaluate("name => { location.hash = name; }", name)
    expect(page.locator(f"#{name} > summary")).to_be_in_viewport()


def test_every_operation_has_both_handlers_beside_each_other(
    report: str, open_window: Open
) -> None:
    page = open_window(1600).page
    page.goto(report)
    for article in page.locator("article.operation").all():
        left, right = article.locator("figure.source").all()[:2]
        expect(left.locator("figcaption")).to_contain_text(re.compile(r"\.py:\d+"))
        expect(right.locator("figcaption")).to_contain_text(re.compile(r"\.js:\d+"))
        one, other = left.bounding_box(), right.bounding_box()
        assert one and other
        assert one["y"] == other["y"]
        assert one["x"] + one["width"] <= other["x"]
        numbers = left.locator("pre.numbers").inner_text().split("\n")
        code = left.locator("code").last.inner_text().rstrip("\n").split("\n")
        assert len(numbers) == len(code)
    marks = page.locator("#operation-createComment mark").all_text_contents()
    assert marks[:2] == ["201", "200"]


def test_keys_reach_everything_and_what_has_them_is_seen(
    report: str, open_window: Open
) -> None:
    opened = open_window(1024)
    page = opened.page
    page.goto(report)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the report")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the report")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="Skip to the report").focus()
    reachable = "a, button, input, select, summary, [tabindex='0']"
    wanted = len(page.locator(reachable).filter(visible=True).all())
    reached = 1
    while True:
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(() => { const one = document.activeElement;"
            " if (one === document.body) return null;"
            " const { outlineStyle, outlineWidth } = getComputedStyle(one);"
            " const box = one.getBoundingClientRect();"
            " return { outlined: outlineStyle !== 'none' && outlineWidth !== '0px',"
            " seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,"
            " named: one.outerHTML.slice(0, 120) }; })()"
        )
        if told is None:
            break
        reached += 1
        assert told["outlined"] and told["seen"], told["named"]
        assert reached <= wanted, told["named"]
    assert reached == wanted


def test_keys_fold_and_unfold_and_choose(report: str, open_window: Open) -> None:
    page = open_window().page
    page.goto(report)
    part = page.locator("#part-errors")
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(part).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(part).not_to_have_attribute("open", "")
    page.get_by_label("Find", exact=True).focus()
    page.keyboard.type("login")
    page.keyboard.press("Enter")
    assert shown_operations(page)[0] == "login"
    assert page.url.endswith("?find=login")
    page.get_by_label("Find", exact=True).fill("")
    page.get_by_label("Verdict").focus()
    page.keyboard.type("≠")
    assert shown_operations(page) == ["createComment"]


def test_on_paper_all_is_there_that_is_to_be_mended(
    report: str, open_window: Open
) -> None:
    opened = open_window(718)
    page = opened.page
    page.goto(report)
    page.evaluate(
        "for (const one of document.querySelectorAll('.result')) one.open = false"
    )
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("#filter")).to_be_hidden()
    for result in page.locator(".result").all():
        expect(result.locator("mark").first).to_be_visible()
    # Of code that is wider than a sheet the end would be lost.
    wider = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter("
        "one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).length"
    )
    assert wider == 0
    sheets = page.pdf(format="A4", print_background=True)
    assert sheets.startswith(b"%PDF")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", sheets)) < 60


def test_without_its_script_all_is_there(report: str, open_window: Open) -> None:
    page = open_window(java_script_enabled=False).page
    page.goto(report)
    assert page.locator("article.operation:visible").count() == 19
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.locator("#operation-createComment mark").first).to_be_visible()


@pytest.mark.parametrize("name", RUNS)
def test_a_report_of_every_kind_of_run(
    name: str, open_window: Open, tmp_path: Path
) -> None:
    """Of 5,000 differences too: it says what was folded."""
    opened = open_window(scheme="dark")
    page = opened.page
    page.goto(address(drawn.render(RUNS[name](), None, Appendix()), tmp_path))
    assert opened.violations() == []
    if name == "many":
        expect(page.locator("body")).to_contain_text(re.compile(r"Folded: [\d,]+ more"))


def test_a_hostile_server_does_nothing(open_window: Open, tmp_path: Path) -> None:
    opened = open_window()
    page = opened.page
    where = address(drawn.render(hostile_run()), tmp_path)
    page.goto(where)
    unfold(page)
    page.get_by_label("Find", exact=True).fill("<img src=x onerror=alert(1)>")
    page.get_by_label("Find", exact=True).fill("")
    assert opened.loaded() == [where]
    assert page.locator("img, iframe, object, embed, base, script[src]").count() == 0
    assert page.locator("script").count() == 1
    foreign = "[...document.links].filter(one => !one.hash).length"
    assert page.evaluate(foreign) == 0
    expect(page.locator("body")).to_contain_text("<script>alert(1)</script>")
