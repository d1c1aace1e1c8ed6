"""The whole program: options, exit codes, reports, signals."""

import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema_rs
import pytest

from comparison import report
from comparison.cli import main
from comparison.options import Options
from comparison.printable import ORDERS
from comparison.stacks import ROOT, load_stacks, start
from tests.comparison.conftest import TOY, Program
from tests.comparison.processes import children_of, started

pytestmark = pytest.mark.long
SNAPSHOTS = Path(__file__).parent / "snapshots"


def _same_as_snapshot(name: str, text: str, folder: Path) -> None:
    """Compare with a saved report; UPDATE_SNAPSHOTS=1 writes it anew."""
    text = text.replace(str(folder), "FOLDER").replace(str(TOY), "TOY")
    text = re.sub(r",\s+[\d.]+\s+s\n", ", N s\n", text)
    # Which note it is depends on what was asked before.
    text = re.sub(r'(/v1/notes/|"id": )\d+', r"\1N", text)
    # How often is another matter with every release of the generator.
    text = re.sub(r" +[\d,]+ exchanges", " N exchanges", text)
    text = re.sub(r"[\d,]+ times", "N times", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z", "2026-01-31T12:00:00.000Z", text)
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("fault", "code"), [("twin", 0), ("null", 1), ("limit", 1)])
def test_the_whole_report(program: Program, fault: str, code: int) -> None:
    assert program.against(fault) == code
    _same_as_snapshot(f"{fault}.txt", program.out, program.folder)


def test_a_report_has_80_columns_without_colour(program: Program) -> None:
    program.against("media-type", "--select", "notes/*")
    lines = [line for line in program.out.splitlines() if "compare.py" not in line]
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in program.out
    program("--from", str(program.folder / "results/run.jsonl"), "--color", "always")
    assert "\x1b[31m" in program.out


def test_the_json_report_is_as_its_schema_says(program: Program) -> None:
    schema = Path(report.__file__).with_name("report.schema.json").read_bytes()
    validator = jsonschema_rs.Draft202012Validator(
        json.loads(schema), validate_formats=True
    )
    for fault in ("twin", "time", "garbage"):
        program.against(fault, "--format", "json", "--select", "notes/*")
        validator.validate(json.loads(program.out))
        for stack in json.loads(program.out)["stacks"]:
            assert stack["versions"]["python"] == platform.python_version()
    assert json.loads(program.out)["summary"]["broken"] == 1


def test_a_report_into_a_file(program: Program) -> None:
    path = program.folder / "report.json"
    part = ["--select", "notes/*", "--format", "json"]
    assert program.against("null", *part, "-o", str(path)) == 1
    assert program.out == ""
    assert json.loads(path.read_text())["failed"] is True
    assert not list(program.folder.glob("*.part"))
    missing = program.folder / "no" / "report"
    assert program.against("null", *part, "-o", str(missing)) == 2


def test_a_saved_run_is_drawn_again(program: Program) -> None:
    program.against("null", "--select", "notes/*")
    saved, run = program.out, program.folder / "results" / "run.jsonl"
    assert program("--from", str(run)) == 1
    assert program.out == saved
    run.write_text("".join(run.read_text().splitlines(keepends=True)[:-1]))
    assert program("--from", str(run)) == 2
    assert "cut short" in program.err
    assert program.out == ""


def test_quiet_and_exit_zero(program: Program) -> None:
    assert program.against("null", "-q", "--exit-zero") == 0
    assert program.err == ""
    assert program.out.startswith("≠ 5 operations, ")


def test_the_first_difference_ends_the_run(program: Program) -> None:
    assert program.against("header", "-x") == 1
    assert program.run.footer["unasked"] > 0


def test_one_case_in_full(program: Program) -> None:
    program.against("header", "--select", "notes/*")
    name = program.run.open[0].id
    assert program.against("header", "--case", name) == 1
    assert "── header" in program.out
    assert "$ curl -i --path-as-is" in program.out
    assert "→ X-Note is missing (getNote → 200)" in program.out
    assert program("--case", "notes/life") == 0
    assert "step 4 · getNote · as anonymous · = same" in program.out
    assert program("--case", "nothing") == 2
    assert "--list" in program.err


def test_list(program: Program) -> None:
    assert program("--list") == 0
    assert "notes/life" in program.out
    assert "createNote/001-" in program.out


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_host_of_builds_obeys_nothing_of_a_list(
    program: Program, tmp_path: Path, form: str
) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_bytes((TOY / "openapi.yaml").read_bytes())
    said = "\n::set-output name=x::y\n##[error]x ##vso[task.setvariable variable=x]"
    step = {"request": "GET /notes", "json": {"##teamcity[x]": said}}
    scenario = {"name": said, "title": f"::error::{said}", "steps": [step]}
    scenarios = json.dumps({"scenarios": [scenario]})
    (tmp_path / "scenarios.yaml").write_text(scenarios, encoding="utf-8")
    assert program("--contract", str(contract), "--list", "--format", form) == 0
    assert "set-output" in program.out
    assert not ORDERS.search(program.out)
    if form == "json":
        plans = [json.loads(line) for line in program.out.splitlines()]
        [plan] = [one for one in plans if "set-output" in one["id"]]
        assert plan["id"] == said
        assert plan["steps"][0]["json"] == [{"##teamcity[x]": said}]


def test_selection(program: Program) -> None:
    assert program("--select", "N*", "--ignore", "notes/life") == 0
    assert {plan.id for plan in program.plans} == {"notes/nobody", "notes/list"}
    assert program.run.footer["partial"] is True
    assert program("--select", "deleteNote") == 0
    assert any(plan.id.startswith("deleteNote/") for plan in program.plans)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nonsense"], "--help"),
        (["--format", "pdf"], "json"),
        (["--seed", "x"], "seed"),
        (["--stack", "nobody"], "stacks.toml has: right"),
        (["--stack", "right", "--stack", "right"], "named twice"),
        (["--stack", "a=http://example.org"], "not this machine"),
        (["--stack", "a=nonsense"], "no URL"),
        (["--stack", "a=http://[::1"], "no URL"),
        (["--contract", "/nowhere.yaml"], "cannot be read"),
        (["--contract", __file__], "openapi.yaml"),
        (["--select", "nothing-of-this-name"], "--list"),
        (["--from", "/nowhere.jsonl"], "Run compare.py"),
        (["--from", sys.executable], "damaged"),
    ],
)
def test_what_cannot_be_done_is_said(
    program: Program, arguments: list[str], said: str
) -> None:
    if arguments[-1] == __file__:
        said = "cannot be read as YAML"
    assert program(*arguments) == 2
    assert said in program.err
    assert "Traceback" not in program.err


def test_results_that_cannot_be_written(program: Program) -> None:
    (program.folder / "results").write_text("no folder")
    assert program() == 2
    assert "cannot be written to" in program.err


def test_an_unforeseen_error_concludes_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("comparison.commands.perform", fail)
    assert program() == 2
    assert "ZeroDivisionError: on purpose" in program.err
    assert "bug of compare.py" in program.err
    assert "Traceback" not in program.err
    assert program("-v") == 2
    assert "Traceback" in program.err


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], Options()),
        (["--code"], Options(code="")),
        (["--code", "--seed", "2"], Options(code="", seed=2)),
        (["--code", "login"], Options(code="login")),
    ],
)
def test_arguments_or_none_at_all(
    arguments: list[str], wanted: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Options] = []
    for name in ("commands.perform", "cli.perform_code"):
        monkeypatch.setattr(f"comparison.{name}", asked.append)
    assert main(arguments) == 0
    assert asked == [wanted]


def test_nobody_reads_to_the_end(program: Program) -> None:
    command = [sys.executable, str(ROOT / "compare.py"), *program.flags, "--list"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_nothing_checked_is_nothing_concluded(program: Program, tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_bytes((TOY / "openapi.yaml").read_bytes())
    scenarios = (TOY / "scenarios.yaml").read_text(encoding="utf-8")
    scenarios += "  - { name: secret, steps: [{ as: expired, request: GET /notes }] }\n"
    (tmp_path / "scenarios.yaml").write_text(scenarios, encoding="utf-8")
    assert program("--contract", str(contract), "--select", "secret") == 2
    assert "no plan came to its end: expired needs the secret" in program.err
    assert "1 unfinished" in " ".join(program.out.split())
    assert program("--contract", str(contract), "--select", "[ns]*") == 0
    assert "1 unfinished" in " ".join(program.out.split())


def test_a_server_that_runs_already(program: Program) -> None:
    stacks = load_stacks(program.stacks_file)
    with start(stacks.get("right")) as one, start(stacks.get("null")) as other:
        named = ["--stack", f"old={one.url}", "--stack", f"new={other.url}/"]
        assert program(*named) == 1
        assert program(*named) == 1, "a second run on the same servers"
        assert {finding.kind for finding in program.run.open} == {"missing"}
        assert program.run.header["stacks"][0]["url"] == one.url
        other.kill()
        assert program(*named) == 2
        assert f"Nobody answers at {other.url}" in program.err


def test_known_differences(program: Program, tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_bytes((TOY / "openapi.yaml").read_bytes())
    (tmp_path / "scenarios.yaml").write_bytes((TOY / "scenarios.yaml").read_bytes())
    known = tmp_path / "known_differences.toml"
    entry = '[[difference]]\noperation = "*"\nkind = "header"\nwhere = "x-powered-by"\n'
    known.write_text(f'{entry}reason = "They may be proud of it."\n')
    stacks = program.stacks_file.read_text()
    program.stacks_file.write_text(stacks.replace('"twin"]', '"powered"]'))
    assert program("--contract", str(contract)) == 0
    assert "≈ known" in program.out
    assert "They may be proud of it." in program.out
    # The faultless pair no longer shows it, which fails a full run, not a part of one.
    program.stacks_file.write_text(stacks)
    assert program("--contract", str(contract)) == 1
    assert "no longer occurs" in program.out
    assert program("--contract", str(contract), "--select", "createNote") == 0
    known.write_text(entry)
    assert program("--contract", str(contract)) == 2
    assert "reason" in program.err


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_an_interruption_leaves_nothing(
    program: Program, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, str(ROOT / "compare.py"), *program.flags]
    # A stack that hangs, so that the run is still at work when the signal comes.
    command += ["--stack", "right", "--stack", "hang", "--timeout", "50"]
    with started(command, program.folder) as process:
        logs = program.folder / "results" / "logs"
        end = time.monotonic() + 30
        while len(list(logs.glob("*.log"))) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(1)
        children = children_of(process.pid)
        assert children
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert not list((program.folder / "results").glob("*.*"))


@pytest.mark.parametrize(
    "imported", ["comparison.environment", "yaml", "cyclopts", "comparison.agenda"]
)
def test_an_interruption_of_the_imports_is_one_line(imported: str) -> None:
    command = [sys.executable, "-X", "importtime", str(ROOT / "compare.py"), "--list"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        # A line for each module, once it is imported.
        lines = iter(process.stderr.readline, "")
        assert any(line.split()[-1] == imported for line in lines)
        process.send_signal(signal.SIGINT)
        said = [line for line in lines if not line.startswith("import time:")]
    assert process.returncode == 130
    assert said == ["interrupted: nothing was concluded, nothing written\n"]


def test_an_interruption_on_the_way_through_uv_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\necho began\nexec sleep 60\n")
    (tmp_path / "uv").chmod(0o755)
    # Without `site` Python has none of the packages, as on a machine with nothing.
    command = [sys.executable, "-S", str(ROOT / "compare.py"), "--list"]
    with subprocess.Popen(
        command,
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "began\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == ""
    # What uv makes of it: a shell tells 130 of both.
    assert process.returncode in {-signal.SIGINT, 130}
