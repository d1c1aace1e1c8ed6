"""The page: whole and well-formed, alone, with all counts, and text stays text."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comparison.code.chapter import chapter
from comparison.code.listing import listing
from comparison.code.side import Side
from comparison.contracts.contract import load_contract
from comparison.contracts.prose import rules_beside
from comparison.defaults.atlas_file import write_atlas
from comparison.defaults.results import Atlas
from comparison.report import json as json_report
from comparison.report.page import page
from comparison.report.page.appendix import Appendix, appendix, concept_table
from comparison.report.page.drawing import FOLDER
from comparison.report.page.fingerprint import fingerprint
from comparison.report.page.slugs import Slugs
from comparison.report.page.syntax import LEXERS, coloured
from comparison.run import Run
from comparison.stacks import ROOT
from tests.comparison import sample
from tests.comparison.conftest import Program
from tests.comparison.parsed_page import parsed
from tests.comparison.test_formats import RUNS, found
from tests.comparison.work import little_work

PLAIN = re.compile(r"[\w #?.:/=,'+;%-]*")


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> Run:
    return RUNS[request.param]()


def test_a_page_is_well_formed_and_alone(run: Run) -> None:
    shown = parsed(page.render(run))
    for tag, attributes in shown.elements:
        assert not {"src", "style", "action", "srcset"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith("#")
        assert tag not in {"link", "img", "iframe", "object", "base", "image", "use"}
        assert tag == "meta" or all(map(PLAIN.fullmatch, attributes.values()))
    ids = [one["id"] for _, one in shown.elements if "id" in one]
    assert len(ids) == len(set(ids))
    for _, one in shown.elements:
        named = one.get("aria-labelledby", "").split() + one.get("href", "").split()
        assert {name.removeprefix("#") for name in named} <= {*ids}
    assert all("scope" in one for one in shown.all("th"))


def test_a_page_lets_only_its_own_script_and_style_run(run: Run) -> None:
    text = page.render(run)
    [policy] = [m["content"] for m in parsed(text).all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none';")
    for tag in ("script", "style"):
        [said] = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(said.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        assert not re.search(r"@import|url\(|fetch|innerHTML|eval", said)


def test_a_page_has_the_counts_of_the_json_report(run: Run) -> None:
    shown = parsed(page.render(run))
    summary = json.loads(json_report.render(run))["summary"]
    text = shown.text[shown.text.index("Outcome\n", 2000) :]
    for name, count in summary.items():
        always = name in {"operations", "exchanges", "same", "differs", "violations"}
        assert (f"{name}{count:,}\n" in text) == bool(count or always), name


def test_of_5000_differences_the_first_are_shown() -> None:
    text = page.render(RUNS["many"]())
    assert len(text) < 1_000_000
    assert text.count('<details class="result"') == 15
    assert "Folded: 4,985 more" in text
    assert "python compare.py --from results/run.jsonl -v" in text
    alike = sample.whole(*(found(theme="one", where=f"/{n}") for n in range(5000)))
    text = page.render(alike)
    assert text.count('<details class="result"') == 1
    assert "and 4,999 more alike" in text
    assert "… and 4,989 more; all of them" in text
    large = {"status": 200, "headers": [], "body": "x" * 50_000}
    more: dict[str, Any] = {"replies": {"left": large, "right": large}}
    names = [f"operation{n}" for n in range(400)]
    huge = sample.whole(
        *(found(operation=name, where=f"/{n}", **more) for name in names for n in "ab"),
        operations=names,
    )
    assert len(page.render(huge)) < 3_000_000


def test_both_replies_are_shown_with_what_differs_marked() -> None:
    replies = {
        name: {"status": 200, "headers": [], "body": {"title": name}}
        for name in ("left", "right")
    }
    text = page.render(
        sample.whole(
            found(replies=replies), contract_rules={"A1": "A `token` is asked for."}
        )
    )
    assert "<mark>left</mark>" in text
    assert "<mark>right</mark>" in text
    assert "<dt>A1</dt><dd>A <code>token</code> is asked for.</dd>" in text
    assert "python_api/items.py:12" in text


def test_what_is_to_be_mended_is_told_at_once() -> None:
    finding = found(where="/title", values=["'one'", "2"])
    broken = sample.violation("listItems", message="is no string")
    text = page.render(sample.whole(finding, broken, asked=("getItem", "listItems")))
    said = parsed(text).text
    assert "getItem: value at /title; left: 'one'; right: 2\n" in said
    assert "listItems: right: is no string\n" in said


def test_a_chapter_without_anything_is_left_out() -> None:
    none: dict[str, Any] = {"sides": [], "operations": [], "parts": [], "notes": []}
    text = page.render(sample.whole(code=none))
    assert "Shared parts" not in text
    assert "Shared parts" in page.render(sample.whole())


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([], ["A1"]),
        (["right: is 200 (one of the rules C1 C2)"], ["C1", "C2"]),
        (["right: status 200 is not documented (getItem → responses)"], []),
    ],
)
def test_the_rules_are_those_that_are_named(rules: list[str], names: list[str]) -> None:
    """The rules of the plan are shown where nothing nearer is known."""
    every = {name: f"what {name} says" for name in ("A1", "C1", "C2")}
    text = page.render(sample.whole(found(rules=rules), contract_rules=every))
    assert re.findall(r"<dt>(\w+)</dt><dd>what", text) == names


def test_every_operation_has_both_handlers() -> None:
    """The code comes from the run file, which a run of the real pair has written."""
    operations = load_contract(ROOT / "contract" / "openapi.yaml").operations
    sides = [Side("left", ROOT / "python_api"), Side("right", ROOT / "node_api")]
    names = [one.id for one in operations]
    whole = chapter(listing(operations, sides))
    run = sample.whole(asked=names, operations=names, code=whole)
    text = page.render(run)
    assert len(text.encode()) < 3_000_000
    articles = text.split('<article class="operation"')[1:]
    assert len(articles) == len(names) == 19
    for rest in articles:
        article = rest.partition("</article>")[0]
        assert re.search(r"<b>left</b> <code>python_api/\w+\.py:\d+</code>", article)
        assert re.search(r"<b>right</b> <code>node_api/\w+\.js:\d+</code>", article)
    assert "What to notice" in text
    for name in ("errors", "auth", "database"):
        assert f'id="part-{name}"' in text
    assert "In left alone" in text
    assert parsed(text).text.count("def create_user(") == 1


def test_without_code_and_without_atlas() -> None:
    text = page.render(sample.whole(), None, Appendix())
    assert "not in this run file" in text
    assert "python compare.py --only defaults" in text
    assert "None: nothing is listed as known" in text
    parsed(text)


def test_the_atlas_says_where_it_is_from(tmp_path: Path) -> None:
    run = sample.whole()
    run.path = tmp_path / "run.jsonl"
    beside = appendix(run)
    assert beside.origin == "those that the pack last recorded"
    assert len(beside.probes) > 400
    assert sum(len(habit.probes) for habit in beside.habits) == len(beside.probes)
    asked = Atlas({"started": "now", "versions": {}}, beside.probes[:2], 1)
    write_atlas(tmp_path / "defaults.jsonl", asked)
    part = appendix(run)
    assert part.origin.endswith("but for 2 of the measurement beside the run file, now")
    assert [one.id for one in part.probes] == [one.id for one in beside.probes]
    write_atlas(tmp_path / "defaults.jsonl", replace(asked, probes=beside.probes))
    assert appendix(run).origin == "those of the measurement beside the run file, now"
    [framework] = [row for row in beside.concepts if row[0] == [("framework", False)]]
    assert framework[2] == [("Express", False)]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(concept_table()) > 8
    assert "".join(text for text, _ in concept_table()[-1][1]) in readme.replace(
        "`", ""
    )


def test_a_run_writes_its_page_and_says_so(program: Program) -> None:
    assert program.against("null", "--select", "notes/*") == 1
    path = program.folder / "results" / "report.html"
    assert f"the report as a page: {path}" in program.err
    text = path.read_text("utf-8")
    assert "server.py:" in text
    run = str(program.folder / "results" / "run.jsonl")
    again = program.folder / "again.html"
    assert program("--from", run, "--format", "html", "-o", str(again)) == 1
    assert again.read_text("utf-8") == text
    assert program.run.header["code"]["operations"]


def test_colours_change_no_letter_of_the_code() -> None:
    for file in ("python_api/auth.py", "node_api/auth.js"):
        text = (ROOT / file).read_text("utf-8")
        for language in (*LEXERS, "another"):
            assert "".join(said for _, said in coloured(text, language)) == text
            bare = text.rstrip("\n")
            assert "".join(said for _, said in coloured(bare, language)) == bare


def test_ids_are_slugs_and_each_is_given_once() -> None:
    slugs = Slugs()
    names = ["getItem", "get item", "get-item", '"><script>', "", "日本", "x" * 999]
    given = [slugs("operation", name) for name in names]
    assert given == [slugs("operation", name) for name in names]
    assert len(set(given)) == len(names)
    assert all(re.fullmatch(r"operation-[A-Za-z0-9-]+", one) for one in given)


def test_thousands_of_ids_that_begin_alike_are_given_in_time() -> None:
    slugs = Slugs()
    with little_work():
        given = {slugs("operation", "x" * 60 + str(number)) for number in range(50_000)}
    assert len(given) == 50_000


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(p * w for p, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_can_be_read_in_both_schemes() -> None:
    style = (FOLDER / "style.css").read_text("utf-8")
    schemes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", scheme))
        grounds = [colours.pop(name) for name in ("ground", "panel")]
        mark, _ = colours.pop("mark"), colours.pop("line")
        pairs = [(colour, ground) for colour in colours.values() for ground in grounds]
        for one, other in (*pairs, (colours["text"], mark)):
            assert _contrast(one, other) >= 4.5, (one, other)
        plots = dict(re.findall(r"--([a-z]+-[a-z0-9]+): (#[0-9a-f]{6});", scheme))
        assert len(plots) == 15
        for name, colour in plots.items():
            # Lines stand on the ground, and letters on what is filled.
            other = grounds[0] if name.startswith("series") else colours["text"]
            assert _contrast(colour, other) >= 4.5, name


def test_the_rules_of_the_contract_are_read_from_beside_it(tmp_path: Path) -> None:
    rules = rules_beside(ROOT / "contract" / "openapi.yaml")
    assert len(rules) > 40
    assert rules["A4"] == "Every 401 carries `WWW-Authenticate: Token`."
    assert rules_beside(tmp_path / "openapi.yaml") == {}


def test_a_page_says_what_each_stack_runs_with() -> None:
    stacks = [
        {
            "name": "left",
            "title": "Left",
            "url": "",
            "versions": {"python": "3", "a": "1"},
        },
        {"name": "right", "title": "", "url": "http://127.0.0.1:1", "versions": {}},
    ]
    told = fingerprint(sample.whole(stacks=stacks), Appendix())
    assert ("left runs with", "python 3, a 1") in told
    assert "right runs with" not in dict(told)
    # A run of an older version has none.
    assert "left runs with" not in dict(fingerprint(sample.whole(), Appendix()))
