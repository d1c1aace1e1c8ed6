"""What to notice: only where it holds, told once, and every notice has its place."""

import re

import pytest

from comparison.cli import main
from comparison.code.chapter import chapter
from comparison.code.listing import listing
from comparison.code.notices import noticed, notices
from comparison.code.side import Side
from comparison.contracts.contract import load_contract
from comparison.report.page import page
from comparison.stacks import ROOT
from tests.comparison import sample
from tests.comparison.work import little_work

OPERATIONS = load_contract(ROOT / "contract" / "openapi.yaml").operations
SIDES = [Side("left", ROOT / "python_api"), Side("right", ROOT / "node_api")]
LISTING = listing(OPERATIONS, SIDES)
NAMES = [one.id for one in OPERATIONS]


def test_every_notice_holds_somewhere_and_every_operation_has_one() -> None:
    found = {
        pair.name: [
            one.title
            for one in noticed({s.language: s.text for s in pair.sources.values()})
        ]
        for pair in LISTING.pairs
    }
    assert all(found.values())
    titles = [one.title for one in notices()]
    assert len(titles) == len(set(titles))
    assert {title for some in found.values() for title in some} == set(titles)
    assert "No content" in found["deleteArticle"]
    assert "No content" not in found["createArticle"]


def test_a_notice_needs_both_languages() -> None:
    both = {
        "python": '@router.post("/x", status_code=201)\nasync def add():',
        "javascript": "res.status(201).json({})",
    }
    assert [one.title for one in noticed(both)] == ["The status"]
    for language, text in both.items():
        assert noticed({language: text}) == []
    assert noticed({**both, "javascript": "res.json({})"}) == []


def test_notices_are_looked_for_in_time() -> None:
    pieces = ("\n", " ", "a", "'/:", "async def ", "x: X = ", "{a:", "for a in ")
    with little_work():
        for piece in pieces:
            for _ in range(10):
                noticed(dict.fromkeys(("python", "javascript"), piece * 100_000))


def test_a_notice_is_well_written() -> None:
    for one in notices():
        assert one.patterns.keys() == {"python", "javascript"}
        assert one.text.count("`") % 2 == 0
        assert one.text.endswith(".")


def test_a_page_tells_each_once_and_leads_there_later() -> None:
    run = sample.whole(asked=NAMES, operations=NAMES, code=chapter(LISTING))
    text = page.render(run)
    told = re.findall(r'<li id="(notice-[\w-]+)"><b>', text)
    assert len(told) == len(set(told)) == len(notices())
    later = re.findall(r'<a href="#(notice-[\w-]+)">', text)
    assert set(later) <= set(told)
    assert len(later) > len(told)


def test_a_page_leads_to_what_both_handlers_use() -> None:
    run = sample.whole(asked=NAMES, operations=NAMES, code=chapter(LISTING))
    text = page.render(run)
    article = text.split('id="operation-getArticle"')[1].partition("</article>")[0]
    [link] = re.findall(r'<a href="#([\w-]+)"><code>article_reply = ', article)
    assert f'<h3 id="{link}">article_reply = articleReply</h3>' in text


def test_a_terminal_tells_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--code", "deleteArticle"]) == 0
    said = capsys.readouterr().out
    assert "\nWhat to notice\n" in said
    assert "  - No content: response_class=Response is there because" in said
    assert max(map(len, said.partition("What to notice")[2].splitlines())) <= 80
