"""The guide is that of the pack and of its recording, and cannot go stale."""

import re

import pytest

from comparison.defaults.pack import Pack, Probe, Topic, load_pack
from comparison.defaults.recorded import Recorded, load_recorded
from comparison.report.guide import (
    BEGIN,
    END,
    GUIDE,
    IN_README,
    README,
    guide,
    readme_table,
)
from comparison.stacks import ROOT

PACK = load_pack()
RECORDED = load_recorded()
TEXT = GUIDE.read_text(encoding="utf-8")
HEADINGS = re.findall(r"^### (.*)$", TEXT, flags=re.M)


def test_it_is_what_the_pack_and_its_recording_say() -> None:
    """`python compare.py --only defaults --update-defaults` writes it anew."""
    assert guide(PACK, RECORDED) == TEXT, "run compare.py --only defaults --update-…"


def test_so_is_the_table_of_the_readme() -> None:
    readme = README.read_text(encoding="utf-8")
    table = readme.split(BEGIN)[1].split(END)[0].strip()
    assert table == readme_table(PACK, RECORDED)
    assert table.count("\n") == len(IN_README) + 1
    assert {*IN_README} <= {name for name, _, _ in PACK}


def test_another_outcome_makes_another_guide() -> None:
    outcomes = dict(RECORDED.outcomes)
    outcomes["head/of a route"] = {"fastapi": "200", "express": "404"}
    assert guide(PACK, Recorded(RECORDED.versions, outcomes)) != TEXT
    versions = {**RECORDED.versions, "express": {"express": "6.0.0"}}
    assert "express 6.0.0" in guide(PACK, Recorded(versions, RECORDED.outcomes))


def _told(probes: list[Probe]) -> Topic:
    return Topic(
        id="a",
        layer="server",
        title="A",
        why="B",
        severity="breaking",
        guide=True,
        probes=probes,
    )


def test_nothing_that_is_sent_leaves_its_cell() -> None:
    probes = [
        Probe(name="a", ask="POST /", headers=["A: |`\t"], body="a\r\nb"),
        Probe(name="<b> | __c__ [d]", raw="x"),
    ]
    topic = _told(probes)
    outcomes = {f"a/{one.name}": {"fastapi": "1", "express": "2"} for one in probes}
    rows = guide(Pack([topic]), Recorded({}, outcomes)).splitlines()
    assert r"| a: ``POST / · A: \|`\t · body a\r\nb`` | `1` | `2` |" in rows
    assert r"| \<b\> \| \_\_c\_\_ \[d\] | `1` | `2` |" in rows


def test_a_table_has_a_row_of_each_difference_before_two_of_one() -> None:
    names = "abcdefgh"
    probes = [Probe(name=name, raw="x") for name in names]
    topic = _told(probes)

    def told(kinds: str) -> str:
        outcomes = {
            f"a/{name}": {"fastapi": "0", "express": kind}
            for name, kind in zip(names, kinds, strict=True)
        }
        text = guide(Pack([topic]), Recorded({}, outcomes))
        return "".join(re.findall(r"^\| (\w) \|", text, flags=re.M))

    assert told("11111111") == "abc"
    assert told("11121113") == "adh"
    assert told("01122222") == "bcd"
    assert told("12345678") == "abcdef"


def test_what_no_longer_differs_is_not_told() -> None:
    outcomes = {
        name: {"fastapi": "200", "express": "200"}
        if name.startswith("head/")
        else found
        for name, found in RECORDED.outcomes.items()
    }
    told = guide(PACK, Recorded(RECORDED.versions, outcomes))
    assert "HEAD where only GET is written" in TEXT
    assert "HEAD where only GET is written" not in told


def test_it_tells_enough_and_numbers_it() -> None:
    assert len(HEADINGS) >= 40
    numbers = [int(heading.split()[0]) for heading in HEADINGS]
    assert numbers == list(range(1, len(HEADINGS) + 1))


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_habit_has_answers_a_reason_and_cures(heading: str) -> None:
    part = TEXT.split(f"### {heading}\n")[1].split("\n##")[0]
    rows = re.findall(r"^\| .* \| .* \| .* \|$", part, flags=re.M)
    assert len(rows) >= 2, "a head and one row at least"
    for word in ("**Why.**", "**Cure.**", "- **FastAPI**:", "- **Express**:"):
        assert word in part


def test_every_link_leads_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADINGS
    }
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors
        else:
            assert (GUIDE.parent / link).resolve().is_relative_to(ROOT)
            assert (GUIDE.parent / link).exists(), link
