"""The judge on trial: every planted fault is found and blamed on the right side."""

import pytest

from tests.comparison.conftest import Program

pytestmark = pytest.mark.long
# Per fault: an operation, the kind of a difference there, its place, who is to blame.
# Nobody is where the toy's contract is silent.
FAULTS = [
    ("status", "createNote", "status", "status", "fault"),
    ("null", "getNote", "missing", "/picture", "fault"),
    ("extra", "createNote", "extra", "/color", ""),
    ("order", "listNotes", "order", "/notes", ""),
    ("header", "getNote", "header", "x-note", "fault"),
    ("type", "createNote", "type", "/text", "fault"),
    ("page", "listNotes", "length", "/notes", ""),
    ("time", "createNote", "format", "/created", "fault"),
    ("powered", "getNote", "header", "x-powered-by", ""),
    ("media-type", "createUser", "media-type", "content-type", "fault"),
    ("limit", "createNote", "status", "status", "fault"),
    ("tags", "createNote", "order", "/tags", ""),
    ("head-body", "HEAD /notes", "surplus", "body", ""),
    ("garbage", "deleteNote", "broken", "connection", "fault"),
    ("crash", "createNote", "broken", "connection", "fault"),
]


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted[0])
def test_a_planted_fault_is_found(
    program: Program, planted: tuple[str, str, str, str, str]
) -> None:
    fault, operation, kind, where, blamed = planted
    assert program.against(fault) == 1
    found = [
        finding
        for finding in program.run.open
        if (finding.operation, finding.kind, finding.where) == (operation, kind, where)
    ]
    assert found, f"not found: {[(f.operation, f.kind) for f in program.run.open]}"
    assert found[0].blamed == ([fault] if blamed else [])


def test_a_faultless_twin_gives_nothing(program: Program) -> None:
    assert program() == 0
    assert program.run.findings == []
    assert program.run.violations == []
    assert all(program.run.verdict(name) == "same" for name in program.run.exchanges)
    assert program.run.footer["partial"] is False


def test_a_breach_that_all_share_is_a_violation(program: Program) -> None:
    assert program("--stack", "header", "--stack", "header-too") == 1
    assert program.run.findings == []
    found = program.run.violations
    assert [one.stack for one in found] == ["header", "header-too"]
    assert {(one.kind, one.where) for one in found} == {("header", "x-note")}


def test_what_differs_now_and_then_fails(program: Program) -> None:
    assert program.against("flaky") == 1
    assert program.run.open == []
    [finding] = program.run.unstable
    assert (finding.operation, finding.where) == ("listNotes", "/count")
    assert "? listNotes: value at /count (unstable)" in program.out
    assert "\n≠ 5 operations" in program.out


def test_what_differs_from_itself_is_noise(program: Program) -> None:
    flags = ["--select", "notes/*", "--max-examples", "0"]
    stacks = ["--stack", "traced", "--stack", "traced-too"]
    assert program(*stacks, *flags) == 1
    assert program.run.open == []
    assert {f.where for f in program.run.unstable} == {"x-trace"}
    assert all(f.noisy == ["traced", "traced-too"] for f in program.run.unstable)
    assert "traced and traced-too differ there" in " ".join(program.out.split())
    config = program.folder / "compare.toml"
    config.write_text('[[ignore]]\nwhere = "X-Trace"\nreason = "another every time"\n')
    assert program(*stacks, *flags, "--config", str(config)) == 0
    assert "another every time" in program.out
    # That one has what the other lacks is a difference all the same.
    assert program.against("traced", *flags) == 1
    assert {f.where for f in program.run.open} == {"x-trace"}
    assert program.run.unstable == []


def test_a_documented_crash_is_a_violation(program: Program) -> None:
    assert program.against("boom") == 1
    found = [one for one in program.run.violations if one.kind == "status"]
    assert [one.operation for one in found] == ["listNotes"]
    assert "internal error" in found[0].message


def test_what_cannot_be_asked_again_is_not_confirmed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comparison.session.RESET_SECONDS", 0)
    monkeypatch.setattr("comparison.session.RESET_SHARE", 0)
    assert program.against("flaky") == 1
    assert "? listNotes: value at /count (not confirmed)" in program.out


def test_a_plan_is_made_small(program: Program) -> None:
    program.against("header", "--select", "notes/life")
    [finding] = program.run.open
    assert [step["request"] for step in finding.plan["steps"]] == [
        "POST /notes",
        "GET /notes/${note.id}",
    ]


def test_a_crash_is_told_with_the_end_of_the_log(program: Program) -> None:
    assert program.against("crash") == 1
    [breakdown] = program.run.breakdowns
    assert breakdown.what == "ended with exit code 3"
    assert "about to crash" in breakdown.tail
    assert "! crash broken" in program.out
    assert "Traceback" not in program.out + program.err
    # It was started again, and the rest was asked all the same.
    assert program.run.exchanges["deleteNote"] > 5


def test_a_hang_is_told_after_the_time_limit(program: Program) -> None:
    assert program.against("hang", "--timeout", "0.5") == 1
    [breakdown] = program.run.breakdowns
    assert breakdown.what == "no reply in 0.5 s"
    assert breakdown.request == "POST /v1/notes"


def test_what_breaks_down_again_and_again_is_left_out(program: Program) -> None:
    assert program.against("garbage") == 1
    broken = {one.request.split("/v1")[0] for one in program.run.breakdowns}
    assert broken == {"DELETE "}
    left_out = [why for why in program.run.incomplete.values() if "left out" in why]
    assert left_out
    assert set(left_out) == {"deleteNote broke down before, and is left out"}
    assert program.run.exchanges["listNotes"] > 20


def test_a_stack_that_breaks_down_everywhere_ends_the_run(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comparison.breakdowns.MOST_BREAKDOWNS", 2)
    assert program.against("garbage") == 1
    assert len(program.run.breakdowns) == 2
    assert program.run.footer["partial"] is True
    assert "plans not asked" in program.out


def test_a_stack_that_does_not_start(program: Program) -> None:
    assert program.against("start") == 2
    assert "did not start: it ended with exit code 1" in program.err
    assert "this stack does not start on purpose" in program.err
    assert not list((program.folder / "results").glob("*.jsonl*"))
