"""The speed on a page: plots that say in words what they show, and the same numbers."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from comparison import report
from comparison.report import json as json_report
from comparison.report import markdown
from comparison.report import text as text_report
from comparison.report.page import page, speed_page
from comparison.report.page.appendix import Appendix
from comparison.report.page.axis import (
    Linear,
    Logarithmic,
    around_one,
    ratio_label,
    spanning,
    tick_label,
)
from comparison.report.page.speed import chapter
from comparison.run import Run
from tests.comparison import sample as runs
from tests.comparison import speed_sample
from tests.comparison.hostile import HOSTILE
from tests.comparison.parsed_page import Page, parsed
from tests.comparison.speed_sample import sample

EVERY: Mapping[str, Callable[[], dict[str, Any]]] = {
    "full": sample,
    "two stacks alone": speed_sample.two_stacks_alone,
    "one stack": speed_sample.one_stack,
    "hostile": lambda: speed_sample.hostile(HOSTILE),
}


def timed(speed: dict[str, Any] | None = None) -> Run:
    run = runs.whole(operations=["getArticle", "favoriteArticle", "getProfile"])
    run.speed = sample() if speed is None else speed
    return run


def drawn(run: Run) -> str:
    return page.render(run, None, Appendix())


def section(text: str, name: str) -> str:
    """The article of an operation, as the page has it."""
    start = text.index(f'id="operation-{name}"')
    return text[start : text.index("</article>", start)]


def plots(shown: Page) -> list[dict[str, str]]:
    return [one for one in shown.all("svg") if one.get("role") == "img"]


@pytest.mark.parametrize("name", EVERY)
def test_a_page_of_its_own(name: str) -> None:
    text = speed_page.render(EVERY[name]())
    shown = parsed(text)
    assert text.replace("\n", "").isprintable()
    ids = [one["id"] for _, one in shown.elements if "id" in one]
    assert len(ids) == len({*ids})
    links = [one["href"] for one in shown.all("a")]
    assert all(href[0] == "#" and href[1:] in ids for href in links)
    # A policy lets no style of an element in, and nothing is loaded.
    assert all("style" not in one for _, one in shown.elements)
    assert not shown.all("script")
    assert len(shown.all("h1")) == len(shown.all("style")) == 1


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_every_plot_has_its_words_and_its_numbers(name: str) -> None:
    shown = parsed(speed_page.render(EVERY[name]()))
    ids = {one.get("id") for _, one in shown.elements}
    every = plots(shown)
    assert len(every) == 13
    for one in every:
        assert {*one["aria-labelledby"].split()} <= ids
        assert float(one["height"]) > 40
    figures = shown.all("figure")
    assert len(figures) == len(shown.all("figcaption")) == 8
    assert len(shown.all("desc")) == len(every)
    assert shown.text.count("The same in numbers") == len(figures)


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_drawn_outside(name: str) -> None:
    shown = parsed(speed_page.render(EVERY[name]()))
    height = 0.0
    for tag, given in shown.elements:
        if tag == "svg" and "height" in given:
            height = float(given["height"])
        for side in ("x", "x1", "x2", "width"):
            value = given.get(side, "0%")
            if value.endswith("%"):
                assert 0 <= float(value[:-1]) <= 100, (tag, given)
        for side in ("y", "y1", "y2"):
            assert -8 <= float(given.get(side, 0)) <= height, (tag, given)


@pytest.mark.parametrize(
    "said",
    [
        "Requests per second of Express on Node as a multiple of those of FastAPI on"
        " Uvicorn, 11 workloads: 7 more, 2 no clear difference, 1 at least so much,"
        " 1 fewer. Least: login 0.836 (0.820 to 0.857); most: an article that is not"
        " there 3.34 (3.28 to 3.42).",
        "FastAPI on Uvicorn keeps up with 1,600 requests per second: p50 12.5",
        "Express on Node from 0.721 (0.577 to 0.894) to 403 (323 to 500) ms.",
        "Express on Node kept up with none of the rates that were asked.",
        "Express on Node: 1.21 (1.19 to 1.24) with 2 workers instead of 1.",
        "FastAPI on Uvicorn takes 502 µs of processor time for one request, most of it"
        " for framework 120 µs (24 %), storage 105 µs (21 %), server 60.2 µs (12 %).",
        "one article: FastAPI on Uvicorn reaches 70 % (69 to 72) of FastAPI;",
    ],
)
def test_the_words_of_a_plot_say_what_was_found(said: str) -> None:
    text = speed_page.render(sample())
    found = re.findall(r"<desc[^>]*>([^<]*)</desc>", text)
    assert any(said in one for one in found)


def test_what_is_not_certain_looks_so() -> None:
    text = speed_page.render(sample())
    # Two of throughput and two of processor time have no clear difference; a key.
    assert text.count('class="bar hollow"') == 5
    assert text.count("point series-1 hollow") == 2 + 21 + 1
    assert "≥ 3.17 (3.11 to 3.25)" in text
    assert ">void</text>" in text
    assert "favourite: Express on Node is void: status 500 instead of 201" in text
    assert text.count('class="noise"') == 3


def test_subjects_have_a_shape_each_and_their_names() -> None:
    text = speed_page.render(sample())
    shapes = {
        number: {*re.findall(rf'series-{number}" d="([^"]+)"', text)} for number in "01"
    }
    assert all(len(one) == 1 for one in shapes.values())
    assert shapes["0"] != shapes["1"]
    for name in ("fastapi", "express"):
        assert 'class="said name-of"' in text
        assert re.search(rf'name-of"[^>]*>{name}</text>', text)


def test_the_chapter_of_a_run() -> None:
    text = drawn(timed())
    shown = parsed(text)
    assert '<a href="#speed">Speed</a>, list page, 20 of 10,000: FastAPI' in text
    assert any(one.get("href") == "#speed" for one in shown.all("a"))
    assert len(plots(shown)) == 13
    without = runs.whole()
    assert 'id="speed"' not in drawn(without)
    assert "#speed" not in drawn(without)


def test_every_operation_shows_how_fast_it_is() -> None:
    text = drawn(timed())
    article = section(text, "getArticle")
    assert (
        "one article: FastAPI on Uvicorn 1,910 ± 57 requests per second, 502 ± 9.0 µs"
        " of processor each; Express on Node 5,100 ± 150 requests per second,"
        " 188 ± 3.4 µs of processor each; Express on Node answers 2.67 (2.62 to 2.73)"
        " times as many requests per second as FastAPI on Uvicorn." in article
    )
    assert "article with comments" in article
    assert "Express on Node void: status 500" in section(text, "favoriteArticle")
    assert "requests per second" not in section(text, "getProfile")


def test_markdown_has_a_table() -> None:
    text = markdown.render(timed())
    rows = [line for line in text.splitlines() if line.startswith("| `one article`")]
    assert rows == [
        "| `one article` | `1,910 ± 57` | `5,100 ± 150` | `express answers 2.67 (2.62"
        " to 2.73) times as many requests per second as fastapi` |"
    ]
    assert "Speed" not in markdown.render(runs.whole())


@pytest.mark.parametrize("run", [timed(), runs.whole()])
def test_json_of_a_run_has_it(run: Run) -> None:
    schema = Path(report.__file__).with_name("report.schema.json").read_bytes()
    whole = json.loads(json_report.render(run))
    jsonschema_rs.Draft202012Validator(json.loads(schema)).validate(whole)
    assert whole["speed"] == run.speed


def test_the_text_of_a_run_has_it_in_brief() -> None:
    text = text_report.render(timed())
    assert "express answers 2.67 (2.62 to 2.73) times as many requests/s" in text
    assert "against itself: no clear difference in 12 of 12 workloads" in text
    assert "requests/s" not in text_report.render(runs.whole())


def test_of_one_stack_there_are_figures_and_no_ratios() -> None:
    found = chapter(speed_sample.one_stack())
    assert next(title for title, _ in found.parts[0].tables).startswith("Requests")
    assert not found.parts[0].figures


def test_an_axis_knows_where_a_value_is() -> None:
    axis = Logarithmic(1, 100)
    assert [axis.at(one) for one in (0, 1, 10, 100, 1e9)] == [0, 0, 0.5, 1, 1]
    assert [Linear(4).at(one) for one in (-1, 1, 5)] == [0, 0.25, 1]
    assert around_one([0.5, 0, float("inf")]).at(1) == pytest.approx(0.5)
    narrow = spanning([0.99, 1.01], 2)
    assert narrow.high / narrow.low == pytest.approx(2)
    assert spanning([], 2).low < 1 < spanning([], 2).high


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 100, [1, 10, 100]),
        (2, 60, [2, 5, 10, 20, 50]),
        (0.8, 1.25, [0.8, 0.9, 1, 1.1, 1.2]),
        (1, 3.4, [1, 1.5, 2, 2.5, 3]),
        (1e-3, 1e6, [1e-3, 1e-1, 1e1, 1e3, 1e5]),
    ],
)
def test_an_axis_has_few_round_values(
    low: float, high: float, ticks: list[float]
) -> None:
    assert Logarithmic(low, high).ticks(6) == pytest.approx(ticks)


def test_round_values_are_short() -> None:
    values = (0.5, 200, 1000, 10_000, 250_000, 1e6)
    assert [*map(tick_label, values)] == ["0.5", "200", "1,000", "10 k", "250 k", "1 M"]
    assert [*map(ratio_label, (1 / 3, 0.5, 1, 2, 0.9))] == [
        "1/3",
        "1/2",
        "1",
        "2",
        "0.9",
    ]
