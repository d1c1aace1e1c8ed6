"""The forms of a report: as their standards say, with all counts, obeyed by nobody."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest
import xmlschema
from hypothesis import given, strategies
from markdown_it import MarkdownIt

from comparison.findings.baseline import Baseline, against
from comparison.findings.results import Breakdown, Finding
from comparison.findings.verdict import handlers
from comparison.printable import ORDERS, harmless, printable
from comparison.report import github, junit, markdown, sarif, text
from comparison.report import json as json_report
from comparison.report.forms import FORMS
from comparison.run import Run
from comparison.stacks import ROOT, load_stacks
from tests.comparison import sample, speed_sample
from tests.comparison.conftest import Program
from tests.comparison.hostile import HOSTILE, hostile_run

SCHEMAS = Path(__file__).parent / "schemas"
JUNIT = xmlschema.XMLSchema(SCHEMAS / "jenkins-junit.xsd")
# One pattern of the published schema, that of a language, has a bracket too many.
SARIF = jsonschema_rs.Draft4Validator(
    json.loads(
        (SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8").replace("]?$", "?$")
    ),
    validate_formats=True,
)
any_text = strategies.text() | strategies.text("`:\n#[%|\\\x00\ud800 a,")
HANDLERS = {"left": "python_api/items.py:12", "right": "node_api/items.js:34"}
REPLY = {"status": 200, "headers": [["X-Note", "yes"]], "body": {"title": "`` a"}}
MORE: Mapping[str, Any] = {
    "replies": {"left": REPLY, "right": REPLY},
    "reproduce": {"left": "curl left", "right": "curl right"},
    "handlers": HANDLERS,
    "plan": {"id": "p", "rules": ["A1"], "steps": [{"request": "GET /items/1"}]},
}
BREAKDOWN = Breakdown("left", "it died", "p", "GET /items/1", "Segfault", "Look at it.")
STALE = {
    "operation": "listItems",
    "kind": "value",
    "where": "/x",
    "reason": "because",
    "why": "it no longer occurs",
    "stacks": [],
}


def found(**other: Any) -> Finding:
    return sample.finding(**{**MORE, **other})


def broken() -> Run:
    run = sample.whole(found(kind="broken", where="", severity="breaking"))
    run.breakdowns.append(BREAKDOWN)
    return run


def stale() -> Run:
    run = sample.whole()
    run.stale.append(STALE)
    return run


def unconcluded() -> Run:
    run = sample.whole(asked=())
    run.incomplete, run.unfinished = {"p": "a login failed"}, 1
    return run


def violations() -> Run:
    return sample.whole(
        sample.violation(), sample.violation(known="a reason", where="/other")
    )


def timed() -> Run:
    run = sample.whole(operations=["getArticle", "listArticles"])
    run.speed = speed_sample.sample()
    return run


RUNS: Mapping[str, Callable[[], Run]] = {
    "nothing": sample.whole,
    "differences": lambda: sample.whole(
        found(severity="cosmetic"), found(operation="HEAD /x", blamed=["right"])
    ),
    "known": lambda: sample.whole(found(known="a reason")),
    "unstable": lambda: sample.whole(found(stable=False, noisy=["left"])),
    "broken": broken,
    "stale": stale,
    "unconcluded": unconcluded,
    "violations": violations,
    "timed": timed,
    "many": lambda: sample.whole(*(found(where=f"/{n}") for n in range(5000))),
    "hostile": hostile_run,
}


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> Run:
    return RUNS[request.param]()


def counts(run: Run) -> dict[str, int]:
    summary: dict[str, int] = json.loads(json_report.render(run))["summary"]
    return summary


def parsed(run: Run, baseline: Baseline | None = None) -> ET.Element:
    return ET.fromstring(junit.render(run, baseline))  # noqa: S314


def results(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(sarif.render(run))["runs"][0]["results"]
    return found


def test_junit_is_as_its_schema_says(run: Run) -> None:
    JUNIT.validate(junit.render(run))


def test_junit_has_all_the_counts(run: Run) -> None:
    root = parsed(run)
    stacks = {f"conformance of {one['name']}" for one in run.header["stacks"]}
    assert len(root) == len(stacks) + 1
    suite = root[-1]
    said = {one.get("name"): one.get("value") for one in suite.iter("property")}
    summary = counts(run)
    assert said == {name: str(count) for name, count in summary.items()}
    faults = [*suite.iter("failure"), *suite.iter("error")]
    more = summary["stale"] + (not run.concluded)
    assert len(faults) == summary["differs"] + summary["unstable"] + more
    broken = [one for some in root[:-1] for one in some.iter("error")]
    assert len(broken) == summary["broken"]
    violated = [one for some in root[:-1] for one in some.iter("failure")]
    assert len(violated) == summary["violations"]
    for one in root:
        cases = one.findall("testcase")
        assert one.get("tests") == str(len(cases))
        assert one.get("skipped") == str(
            len([c for c in cases if c.find("skipped") is not None])
        )
    bad = sum(int(one.get("failures", 0)) + int(one.get("errors", 0)) for one in root)
    assert bool(bad) is (run.failed or not run.concluded)


def test_sarif_is_as_its_schema_says(run: Run) -> None:
    SARIF.validate(json.loads(sarif.render(run)))


def test_sarif_has_all_the_counts(run: Run) -> None:
    whole = json.loads(sarif.render(run))["runs"][0]
    assert whole["properties"]["summary"] == counts(run)
    ids = [rule["id"] for rule in whole["tool"]["driver"]["rules"]]
    every = whole["results"]
    assert all(ids[one["ruleIndex"]] == one["ruleId"] for one in every)
    open_ones = [one for one in every if not one.get("suppressions")]
    about = [one["ruleId"].partition("/")[0] for one in open_ones]
    summary = counts(run)
    assert about.count("difference") == summary["differs"] + summary["unstable"]
    for name, word in (("violation", "violations"), ("broken",) * 2, ("stale",) * 2):
        assert about.count(name) == summary[word]


def test_markdown_has_all_the_counts(run: Run) -> None:
    said = markdown.render(run)
    table = re.findall(r"^\| (\d+) \| ([a-z]+) \|$", said, re.MULTILINE)
    assert table == [(str(n), name) for name, n in counts(run).items() if n]
    assert len(said.encode()) < 2**20
    last = " ".join(text.last(run).split())
    assert last in said
    assert last in github.render(run).replace("%25", "%")


def test_markdown_holds_nothing_but_our_own_markup(run: Run) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table")
    ours = re.compile(
        r"(</details>|<details><summary><code>[^<>]*</code></summary>)\n*"
    )
    blocks = tokens.parse(markdown.render(run))
    inner = [child for block in blocks for child in block.children or ()]
    for one in (*blocks, *inner):
        assert one.type not in {"link_open", "image", "html_inline", "code_block"}
        if one.type == "html_block":
            assert ours.fullmatch(one.content)
        if one.type == "heading_open":
            assert one.tag == "h3"
        if one.type == "text":
            assert re.fullmatch(r"[\w \-–=≠≈?!.,:…]*", one.content), one.content  # noqa: RUF001


def test_annotations_are_commands_and_nothing_else(run: Run) -> None:
    lines = github.render(run).split("\n")
    assert lines.pop() == ""
    pattern = r"::(error|warning|notice) (?:(?:file|line|title)=[^:,]*,?)+::[^\n\r]*"
    for line in lines:
        assert re.fullmatch(pattern, line), line
        assert not re.search(r"%(?!25|0A|3A|2C)", line)
    assert 1 <= len(lines) <= 21


@pytest.mark.parametrize("form", [*FORMS, "text"])
def test_nothing_is_obeyed(form: str) -> None:
    render = FORMS.get(form) or (lambda run, _: text.render(run, verbose=True))
    said = render(hostile_run(), None)
    said.encode()
    assert said.replace("\n", "").isprintable()
    if form == "github":
        said = re.sub("^::(?=error|warning|notice)", "", said, flags=re.MULTILINE)
    assert not ORDERS.search(said)
    assert "alert(1)" in said
    assert "<script>" not in said or form != "junit"


def test_hostile_texts_come_back_as_text() -> None:
    """A reader of each form gets what was said, as far as it can be printed."""
    said = [one for one in HOSTILE if one.isprintable() and len(one) < 400]
    assert len(said) > 10
    root = parsed(hostile_run())
    shown = "\n".join(root.itertext())
    plain = [one for one in said if not ORDERS.search(one)]
    assert [one for one in plain if one not in shown] == []
    whole = json.loads(json_report.render(hostile_run()))["differences"]
    assert [one["request"] for one in whole] == [*HOSTILE]
    texts = [one["message"]["text"] for one in results(hostile_run())]
    shown = re.sub(r"\\([\\\[\]])|([{}])\2", r"\1\2", "\n".join(texts))
    assert [one for one in said if one not in shown] == []
    fences = MarkdownIt("commonmark").parse(markdown.render(hostile_run()))
    shown = "\n".join(one.content for one in fences if one.type == "fence")
    assert [one for one in plain if one not in shown] == []


def test_the_ten_worst_are_shown_on_both_files() -> None:
    severities = ["cosmetic"] * 8 + ["visible"] * 7 + ["breaking"] * 4
    more = [found(where=f"/{n}", severity=s) for n, s in enumerate(severities)]
    lines = github.render(sample.whole(*more)).splitlines()
    errors = [line for line in lines if line.startswith("::error file=python_api")]
    others = [line for line in lines if line.startswith("::warning file=node_api")]
    assert len(errors) == len(others) == 10
    assert [line.count("(breaking)") for line in errors] == [1] * 4 + [0] * 6
    assert (
        "::error file=python_api/items.py,line=12,title=getItem%3A value at /"
        in (errors[0])
    )
    assert lines[0].startswith("::notice title=compare.py::≠")
    assert "9 more results" in lines[0]
    guilty = github.render(sample.whole(found(blamed=["right"])))
    assert "\n::error file=node_api/items.js,line=34," in guilty


def test_sarif_points_at_both_handlers() -> None:
    [one] = results(sample.whole(found(blamed=["right"], severity="breaking")))
    [place], [other] = one["locations"], one["relatedLocations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "node_api/items.js", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 34},
    }
    assert other["physicalLocation"]["artifactLocation"]["uri"] == "python_api/items.py"
    assert one["level"] == "error"
    assert one["partialFingerprints"] == {"compare/v1": "getItem.value./title"}
    said = one["message"]["text"].splitlines()
    assert said[2:4] == ["left: 1", "right: 2"]
    assert said[-1] == "python compare.py --case getItem.value./title"
    [violated] = results(
        sample.whole(sample.violation(), handlers={"getItem": HANDLERS})
    )
    uri = violated["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "node_api/items.js"


def test_a_run_file_says_where_operations_are_handled() -> None:
    stacks = load_stacks(ROOT / "stacks.toml")
    found = handlers("getArticle", [stacks.get("fastapi"), stacks.get("express")])
    for stack, name in (("fastapi", "def get_article"), ("express", "getArticle")):
        path, _, number = found[stack].rpartition(":")
        lines = (ROOT / path).read_text("utf-8").splitlines()
        assert name in lines[int(number) - 1]


def test_without_handlers_the_contract_is_the_place() -> None:
    [one] = results(sample.whole(found(handlers={})))
    artifact = one["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "shop.yaml", "uriBaseId": "SRCROOT"}
    said = github.render(sample.whole(found(handlers={})))
    assert "\n::error title=getItem%3A value at /title (visible)::GET" in said


def test_known_is_skipped_with_its_reason_and_suppressed() -> None:
    run = RUNS["known"]()
    root = parsed(run)
    [skipped] = [one for one in root[-1].iter("skipped") if one.text != "not checked"]
    assert skipped.text == "getItem: value at /title (visible): known: a reason"
    [one] = results(run)
    assert one["suppressions"][0]["justification"] == "a reason"
    assert "`known: a reason`" in markdown.render(run)


def test_a_failure_shows_both_replies_and_the_command() -> None:
    root = parsed(sample.whole(found()))
    [failure] = root[-1].iter("failure")
    said = failure.text or ""
    assert failure.get("message") == "getItem: value at /title (visible)"
    assert said.count("HTTP 200\nX-Note: yes") == 2
    assert said.endswith("curl right\npython compare.py --case getItem.value./title")
    [violated] = parsed(sample.whole(sample.violation())).iter("failure")
    assert "breaks #/paths\npython compare.py --case p" in (violated.text or "")


def test_what_is_let_pass_fails_nothing() -> None:
    run = sample.whole(found(severity="cosmetic"), fail_on="breaking")
    assert not run.failed
    root = parsed(run)
    assert root.get("failures") == "0"
    [skipped] = [one for one in root[-1].iter("skipped") if one.text != "not checked"]
    assert (skipped.text or "").endswith("cosmetic, and --fail-on is breaking")
    said = github.render(run)
    assert "\n::warning file=python_api" in said
    assert "::error" not in said


def test_with_a_baseline_only_what_is_new_fails() -> None:
    old, new = found(where="/old"), found(where="/new")
    run = sample.whole(old, new)
    since = against(run, sample.whole(found(where="/old")))
    root = parsed(run, since)
    assert [one.get("message") for one in root[-1].iter("failure")] == [
        "getItem: value at /new (visible)"
    ]
    whole = json.loads(sarif.render(run, since))["runs"][0]["results"]
    assert [one["baselineState"] for one in whole] == ["unchanged", "new"]
    SARIF.validate(json.loads(sarif.render(run, since)))
    assert "1 new, 0 gone, 1 unchanged, 0 not asked again" in markdown.render(
        run, since
    )
    for form in (markdown.render, github.render):
        assert "/old" not in form(run, since)
        assert "/new" in form(run, since)


def test_markdown_is_cut_with_a_pointer_to_the_rest() -> None:
    said = markdown.render(RUNS["many"]())
    assert 900_000 < len(said.encode()) < 2**20
    assert said.count("<details>") == said.count("</details>") < 5000
    assert said.endswith(
        "```text\npython compare.py --from results/run.jsonl -v\n```\n"
    )
    left = int(re.search(r"Cut here: ([\d,]+) more", said)[1].replace(",", ""))  # type: ignore[index]
    assert said.count("<details>") + left == 5000


def test_each_form_of_a_saved_run(program: Program) -> None:
    run = program.folder / "results" / "run.jsonl"
    assert program.against("null", "--select", "notes/*", "--format", "junit") == 1
    JUNIT.validate(program.out)
    for form in FORMS:
        again = ["--from", str(run), "--format", form]
        assert program(*again) == 1
        assert program.err == ""
        said, path = program.out, program.folder / "report"
        assert "getNote" in said
        assert program(*again, "--exit-zero", "-o", str(path)) == 0
        assert (program.out, path.read_text("utf-8")) == ("", said)
        assert program(*again, "--baseline", str(run)) == 0
        assert program(*again, "--fail-on", "never") == 0
        if form == "sarif":
            SARIF.validate(json.loads(said))
    run.write_text("".join(run.read_text().splitlines(keepends=True)[:-1]))
    for form in FORMS:
        assert program("--from", str(run), "--format", form) == 2
        assert "cut short" in program.err
        assert program.out == ""


def test_a_form_of_whole_runs_is_refused_for_anything_else(program: Program) -> None:
    for part in (["--list"], ["--case", "world"], ["--export", "pytest"]):
        assert program(*part, "--format", "junit") == 2
        assert "--format junit is the form of a whole run" in program.err
    assert program("--only", "defaults", "--format", "sarif") == 2
    assert "The defaults are text or json" in program.err


@given(any_text)
def test_any_text_is_one_code_span(said: str) -> None:
    [row] = [
        block
        for block in MarkdownIt("commonmark").parse(f"a {markdown.code(said)} b")
        if block.type == "inline"
    ]
    parts = list(row.children or ())
    assert [one.type for one in parts] == ["text", "code_inline", "text"]
    assert parts[1].content == (printable(said, keep="") or "  ")


@given(any_text)
def test_any_text_is_one_block_and_one_command(said: str) -> None:
    [block] = MarkdownIt("commonmark").parse(markdown.fenced(said))
    assert (block.type, block.content) == ("fence", printable(said) + "\n")
    line = github.command("error", {"title": said, "line": 3}, said)
    assert len(line.splitlines()) == 1
    found = re.fullmatch(r"::error title=([^:,]*),line=3::(.*)", line)
    assert found is not None
    assert unquote(found[1]) == unquote(found[2]) == harmless(printable(said))


def test_a_fence_is_longer_than_any_within() -> None:
    said = markdown.fenced("a\n````\nb")
    assert said == "`````text\na\n````\nb\n`````\n"
    assert markdown.code("`a`") == "`` `a` ``"
    assert markdown.code("a") == "`a`"
