"""Recordings of a browser and run files of ours, asked again through the program."""

import json
from pathlib import Path

from tests.comparison.conftest import Program


def _entry(method: str, path: str, sent: object, status: int, got: object) -> object:
    headers = [{"name": "Content-Type", "value": "application/json"}]
    if path != "/v1/users":
        headers.append({"name": "Authorization", "value": "Token abcdef.a.b"})
    request: dict[str, object] = {
        "method": method,
        "url": f"http://shop.example{path}",
        "headers": headers,
    }
    if sent is not None:
        request["postData"] = {
            "mimeType": "application/json",
            "text": json.dumps(sent),
        }
    content = {"mimeType": "application/json", "text": json.dumps(got)}
    response = {"status": status, "headers": [], "content": content}
    return {"request": request, "response": response}


def _recording(folder: Path) -> Path:
    note = {"id": 77, "text": "mine", "picture": None, "tags": []}
    note |= {
        "created": "2026-01-01T00:00:00.000Z",
        "changed": "2026-01-01T00:00:00.000Z",
    }
    entries = [
        _entry("POST", "/v1/users", {"name": "ann"}, 201, {"token": "abcdef.a.b"}),
        _entry("POST", "/v1/notes", {"text": "mine", "tags": []}, 201, note),
        _entry("GET", "/v1/notes/77", None, 200, note),
        _entry("DELETE", "/v1/notes/77", None, 204, None),
        _entry("GET", "/v1/notes/77", None, 404, {"errors": {"note": ["not found"]}}),
    ]
    path = folder / "session.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def test_a_recording_is_replayed_with_the_values_of_each_stack(
    program: Program,
) -> None:
    har = str(_recording(program.folder))
    # One stack counts its notes from 101, the recording had 77.
    assert program.against("ids", "--replay", har) == 0
    [plan] = program.plans
    assert plan.id == "replay/session"
    assert program.run.incomplete == {}
    assert program.run.exchanges["getNote"] == 2
    assert program.run.exchanges["deleteNote"] == 1
    assert "${" in plan.steps[2].request
    assert "abcdef" not in (program.folder / "results/run.jsonl").read_text()


def test_a_recording_shows_a_difference(program: Program) -> None:
    har = str(_recording(program.folder))
    assert program.against("header", "--replay", har) == 1
    [finding] = program.run.open
    assert (finding.operation, finding.where) == ("getNote", "x-note")
    assert len(finding.plan["steps"]) == 3
    assert f"--replay {har} --case {finding.id}" in program.out
    assert program.against("header", "--replay", har, "--case", finding.id) == 1


def test_a_run_file_is_replayed_on_other_stacks(program: Program) -> None:
    assert program("--select", "notes/*", "--max-examples", "0") == 0
    asked, saved = program.plans, program.folder / "saved.jsonl"
    (program.folder / "results" / "run.jsonl").rename(saved)
    assert program.against("null", "--replay", str(saved)) == 1
    assert program.plans == asked
    assert {finding.kind for finding in program.run.open} == {"missing"}


def test_the_same_seed_asks_the_same(program: Program) -> None:
    digests, seen = [], []
    for _ in range(2):
        assert program("--seed", "5", "--max-examples", "4") == 0
        digests.append(program.run.footer["plans_sha256"])
        seen.append([plan.as_json() for plan in program.plans])
    assert digests[0] == digests[1]
    assert seen[0] == seen[1]
    assert program("--seed", "6", "--max-examples", "4") == 0
    assert program.run.footer["plans_sha256"] != digests[0]


def test_what_was_found_last_time_is_asked_first(program: Program) -> None:
    assert program.against("header") == 1
    first = program.run.open[0]
    assert program.against("header", "-x") == 1
    assert [plan.id for plan in program.plans] == [f"again/{first.id}"]
    assert program() == 0
    assert not any(plan.id.startswith("again/") for plan in program.plans)


def test_a_baseline_leaves_what_is_new(program: Program) -> None:
    part = ["--select", "notes/*", "--max-examples", "0"]
    assert program.against("header", *part) == 1
    before = program.folder / "before.jsonl"
    (program.folder / "results" / "run.jsonl").rename(before)
    assert program.against("header", *part, "--baseline", str(before)) == 0
    assert "2 unchanged since the baseline" in program.out
    assert program.against("null", *part, "--baseline", str(before)) == 1
    assert "has changed since" not in program.out
    assert "the baseline compared right, header, this run right, null" in program.out
    assert program("--baseline", str(program.folder / "no.jsonl")) == 2


def test_severities_decide_what_fails(program: Program) -> None:
    part = ["--select", "notes/*", "--max-examples", "0"]
    assert program.against("powered", *part) == 1
    assert program.against("powered", *part, "--fail-on", "visible") == 0
    assert "(cosmetic" in program.out
    config = program.folder / "compare.toml"
    config.write_text(
        '[[severity]]\nkind = "header"\nwhere = "x-powered-by"\nseverity = "breaking"\n'
    )
    flags = ["--fail-on", "breaking", "--config", str(config)]
    assert program.against("powered", *part, *flags) == 1
    assert program.against("extra", *part, "--fail-on", "breaking") == 0
    assert program.against("null", *part, "--fail-on", "never") == 0
