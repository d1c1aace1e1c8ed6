"""`compare.py --only speed` as a program: what it writes, refuses, and leaves."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import psutil
import pytest

from comparison import report
from comparison.report import speed as text_report
from comparison.speed import forms
from comparison.stacks import ROOT
from tests.comparison.conftest import TOY, Program
from tests.comparison.processes import started
from tests.comparison.served import BEARER, Answer, Asked, Serve, flags

pytestmark = pytest.mark.long

SCHEMA = json.loads(Path(report.__file__).with_name("speed.schema.json").read_bytes())
SPEED = ("--only", "speed")
WORKLOADS = """
[values]
token = { ask = "POST /v1/users", json = { name = "speed" }, at = "/token" }
id = { ask = "POST /v1/notes", headers = { Authorization = "Token {token}" }, \
json = { text = "one" }, at = "/id" }

[workloads.page]
title = "two notes"
requests = ["GET /v1/notes?limit=2"]
varies = true
quick = true

[workloads.missing]
title = "a note that is not there"
requests = [{ ask = "GET /v1/notes/{id}000", status = 404 }]
quick = true

[workloads.create]
title = "a note more"
requests = [{ ask = "POST /v1/notes", headers = { Authorization = "Token {token}" }, \
json = { text = "{unique}" }, status = 201 }]
changes = true
quick = true
"""
# The toy, which waits before each answer.
SLOW = """
import runpy, sys, time, http.server
send = http.server.BaseHTTPRequestHandler.send_response_only
def slow(*arguments):
    time.sleep(0.03)
    send(*arguments)
http.server.BaseHTTPRequestHandler.send_response_only = slow
runpy.run_path("server.py", run_name="__main__")
"""
# The toy, which starts only once.
WORN = """
import pathlib, runpy, sys
with pathlib.Path(__file__).with_name("starts").open("a") as starts:
    starts.write("1")
    if starts.tell() > 1:
        sys.exit("worn out")
runpy.run_path("server.py", run_name="__main__")
"""


def prepared(folder: Path) -> list[str]:
    """The contract of the toy with workloads, and a stack more; gives the options."""
    for name in ("openapi.yaml", "scenarios.yaml"):
        shutil.copy(TOY / name, folder)
    (folder / "workloads.toml").write_text(WORKLOADS, encoding="utf-8")
    (folder / "slow.py").write_text(SLOW, encoding="utf-8")
    with (folder / "stacks.toml").open("a", encoding="utf-8") as file:
        place, script = json.dumps(str(TOY)), json.dumps(str(folder / "slow.py"))
        file.write(f'\n[stacks.slow]\ntitle = "A slow toy"\nfolder = {place}\n')
        file.write(f'start = ["{{python}}", {script}]\n')
    return ["--contract", str(folder / "openapi.yaml")]


@dataclass(frozen=True)
class Done:
    """A measurement that was made once, for many tests to look at."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def file(self) -> Path:
        return self.folder / "results" / "speed.json"

    @property
    def speed(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return found


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("speed")
    program = Program(folder, lambda: None)
    words = [*program.flags[:2], *prepared(folder), *SPEED, "--time", "5"]
    words += [word for name in ("right", "slow", "boom") for word in ("--stack", name)]
    words += ["--fail-if-slower", "20"]
    with started([sys.executable, ROOT / "compare.py", *words]) as process:
        said, told = process.communicate()
    return Done(folder, process.returncode, said, told)


def test_what_it_writes_down_is_as_its_schema_says(done: Done) -> None:
    jsonschema_rs.validate(SCHEMA, done.speed)
    assert done.speed["form"] == "quick"
    assert [one["name"] for one in done.speed["subjects"]] == ["right", "slow", "boom"]
    assert [one["name"] for one in done.speed["workloads"]] == [
        *("page", "missing", "create")
    ]
    assert done.speed["workloads"][0]["operations"] == ["listNotes"]


def test_what_it_prints_is_drawn_from_that(done: Done) -> None:
    assert done.out == text_report.render(done.speed)
    assert "results/speed.html" in done.err


def test_a_stack_that_is_slowed_is_called_slower_and_fails(done: Done) -> None:
    assert done.code == 1
    told = {
        (one["subject"], one["quantity"]): one["verdict"]
        for one in done.speed["overall"]
    }
    assert told["slow", "throughput"] == "slower"


def test_one_that_answers_wrong_is_void_there_and_nowhere_else(done: Done) -> None:
    voids = {
        (workload["name"], one["subject"]): one["void"]
        for workload in done.speed["workloads"]
        for one in workload["measures"]
        if one["void"]
    }
    path = "GET /v1/notes?limit=2"
    assert voids == {("page", "boom"): f"{path}: 500 instead of 200"}


def test_a_measurement_is_drawn_again(done: Done, program: Program) -> None:
    source = ("--from", str(done.file))
    assert program(*SPEED, *source) == 0
    assert program.out == done.out
    assert program(*SPEED, *source, "--format", "json") == 0
    assert json.loads(program.out) == done.speed
    assert program(*SPEED, *source, "--quiet") == 0
    assert program.out == text_report.last(done.speed) + "\n"
    assert (
        program(*SPEED, *source, "--format", "html", "-o", str(done.folder / "x")) == 0
    )
    assert (done.folder / "x").read_text(encoding="utf-8").startswith("<!")


Change = Callable[[dict[str, Any]], None]


def changed(done: Done, folder: Path, change: Change) -> str:
    speed = done.speed
    change(speed)
    (folder / "changed.json").write_text(json.dumps(speed), encoding="utf-8")
    return str(folder / "changed.json")


def only_right(speed: dict[str, Any]) -> None:
    """As if nobody were slower, and nothing void."""
    speed["overall"] = []
    for workload in speed["workloads"]:
        workload["ratios"] = []
        workload["measures"] = workload["measures"][:1]


NAMES = {"subject": "slow", "to": "right"}
HALF = {"value": 0.5, "low": 0.4, "high": 0.6}
SLOWER = {**NAMES, "quantity": "throughput", "ratio": HALF, "verdict": "slower"}
COSTLIER = SLOWER | {
    "quantity": "cpu",
    "ratio": {"value": 1.3, "low": 1.26, "high": 1.4},
}


def costly(speed: dict[str, Any]) -> None:
    """As if servers had waited, and both quantities told of something slower."""
    only_right(speed)
    speed["overall"] = [SLOWER, dict(COSTLIER)]
    speed["machine"]["waiting"] = 0.4


def busy(speed: dict[str, Any]) -> None:
    """As if only throughput did."""
    costly(speed)
    speed["overall"][1] |= {"verdict": "no clear difference"}


def attached(speed: dict[str, Any]) -> None:
    """As if nothing but throughput were known."""
    costly(speed)
    del speed["overall"][1]


def capped(speed: dict[str, Any]) -> None:
    """As if the load generator had not been able to show more."""
    only_right(speed)
    workload = speed["workloads"][0]
    (measure,) = workload["measures"]
    workload["measures"].append(measure | {"subject": "slow", "at_least": True})
    workload["ratios"] = [SLOWER]


def capped_first(speed: dict[str, Any]) -> None:
    """As if it had not been able to show more of the other one alone."""
    capped(speed)
    for measure in speed["workloads"][0]["measures"]:
        measure["at_least"] = not measure["at_least"]


@pytest.mark.parametrize(
    ("change", "percent", "code"),
    [
        (lambda _: None, "20", 1),
        (only_right, "0", 0),
        (busy, "20", 0),
        (costly, "20", 1),
        (costly, "21", 0),
        (attached, "20", 1),
        (capped, "20", 0),
        (capped_first, "20", 1),
    ],
)
def test_what_is_slower_beyond_doubt_fails(  # noqa: PLR0913, PLR0917 - as pytest gives
    change: Change,
    percent: str,
    code: int,
    done: Done,
    program: Program,
    tmp_path: Path,
) -> None:
    source = changed(done, tmp_path, change)
    words = (*SPEED, "--from", source, "--fail-if-slower", percent)
    assert program(*words) == code
    assert program(*words, "--exit-zero") == 0


def test_where_all_is_void_nothing_is_concluded(
    done: Done, program: Program, tmp_path: Path
) -> None:
    def void(speed: dict[str, Any]) -> None:
        only_right(speed)
        for workload in speed["workloads"]:
            workload["measures"][0] |= {"void": "a reason", "throughput": None}

    assert program(*SPEED, "--from", changed(done, tmp_path, void)) == 2
    assert "a reason" in program.out
    assert "Nothing was measured: no answer was right." in program.err


@pytest.mark.parametrize(
    "text", ["{}", "[]", "", '{"version": 1}', '{"version": 9}', "x"]
)
def test_what_is_no_measurement_says_what_to_do(text: str, program: Program) -> None:
    file = program.folder / "x.json"
    file.write_text(text, encoding="utf-8")
    assert program(*SPEED, "--from", str(file)) == 2
    assert re_run(program.err)


def re_run(text: str) -> bool:
    return "Run compare.py" in text or "run compare.py" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--select", "x"), "--only speed goes without --select."),
        (("--max-requests", "5"), "--only speed goes without --max-requests."),
        (("--allow-remote",), "--only speed goes without --allow-remote."),
        (("--format", "junit"), "The speed is text, json or html, not junit."),
        (("--time", "0"), "--time is a number of seconds above 0."),
        (("--time", "inf"), "--time is a number of seconds above 0."),
        (("--fail-if-slower", "-1"), "--fail-if-slower is a number of per cent"),
        (("--fail-if-slower", "100"), "--fail-if-slower is a number of per cent"),
        (("--stack", "a=http://example.org"), "is not this machine"),
        (("--stack", "a=http://127.0.0.2:9"), "is not this machine"),
        (("--stack", "nobody"), "There is no stack 'nobody'"),
    ],
)
def test_what_cannot_be_heeded_is_refused(
    words: tuple[str, ...], said: str, program: Program
) -> None:
    assert program(*SPEED, *words, *prepared(program.folder)) == 2
    assert said in program.err


@pytest.mark.parametrize("word", ["--thorough", "--fail-if-slower=5"])
def test_what_belongs_to_the_speed_goes_with_nothing_else(
    word: str, program: Program
) -> None:
    assert program(word) == 2
    assert "go with --only speed" in program.err


def test_a_mistake_in_the_workloads_ends_it_before_anything_starts(
    program: Program,
) -> None:
    options = prepared(program.folder)
    (program.folder / "workloads.toml").write_text("x = 1", encoding="utf-8")
    assert program(*SPEED, *options) == 2
    assert "workloads.toml: x is an unknown key" in program.err
    assert "starting" not in program.err


def test_a_contract_of_which_nothing_can_be_asked_says_what_to_do(
    program: Program, serve: Serve
) -> None:
    words = flags(program, serve(lambda _: (200, {})), **BEARER)
    words = [word for word in words if word not in {"--max-examples", "0"}]
    assert program(*SPEED, *words) == 2
    assert "write one, as docs/configuration.md says" in program.err


def test_a_server_that_runs_already_is_measured(program: Program, serve: Serve) -> None:
    def answer(asked: Asked) -> Answer:
        right = asked.path == "/x" and asked.headers.get("X-Tenant") == "blue"
        return (200, {}) if right else (404, {})

    paths = {
        "/x": {"get": {"operationId": "x", "responses": {"200": {"description": "x"}}}}
    }
    config = '[stacks.old]\nheaders = { X-Tenant = "blue" }\n'
    words = flags(program, serve(answer), config, paths=paths)
    words = [word for word in words if word not in {"--max-examples", "0"}]
    assert program(*SPEED, *words, "--time", "3", "--format", "json") == 0
    speed = json.loads(program.out)
    (workload,) = speed["workloads"]
    assert workload["measures"][0]["throughput"]["value"] > 0
    assert workload["measures"][0]["void"] is None
    assert "known of own processes alone" in " ".join(speed["notes"])


def test_a_whole_run_has_a_quick_form_of_it(program: Program) -> None:
    words = (*prepared(program.folder), "--max-examples", "0")
    file = program.folder / "workloads.toml"
    first, *_ = WORKLOADS.partition("[workloads.missing]")
    file.write_text(first, encoding="utf-8")
    words += ("--cache", str(program.folder / "cache"))
    assert program(*words, "--select", "notes/list") == 0
    assert program.run.speed is None
    assert program(*words) == 0
    speed = program.run.speed
    assert speed is not None
    jsonschema_rs.validate(SCHEMA, speed)
    assert speed["form"] == "quick"
    run_file = str(program.folder / "results" / "run.jsonl")
    assert program(*SPEED, "--from", run_file, "--format", "json") == 0
    assert json.loads(program.out) == speed


def worn(folder: Path) -> list[str]:
    """The same with a toy that starts once, and several of it and of the right one."""
    words = prepared(folder)
    script = folder / "slow.py"
    script.write_text(WORN, encoding="utf-8")
    toys = (("more", "slow", script), ("many", "right", TOY / "server.py"))
    with (folder / "stacks.toml").open("a", encoding="utf-8") as file:
        for name, of, path in toys:
            file.write(f'\n[stacks.{name}]\ntitle = "Several"\nseveral_of = "{of}"\n')
            start = json.dumps(str(path))
            file.write(f'folder = "."\nstart = ["{{python}}", {start}]\n')
    return words


def test_a_start_that_fails_costs_no_other_figure(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = worn(program.folder)
    pace, seen = forms.QUICK.pace, ("full",)
    form = replace(forms.QUICK, starts=2, growth=pace, profile=True, looked_at=seen)
    monkeypatch.setattr(forms, "QUICK", form)
    stacks = ("--stack", "slow", "--stack", "right")
    assert program(*words, *SPEED, "--time", "5", *stacks) == 0
    speed = json.loads((program.folder / "results" / "speed.json").read_text())
    assert all(one["throughput"] for it in speed["workloads"] for one in it["measures"])
    # It started once for all figures but these.
    assert [one["starts"] for one in speed["resources"]] == [0, 2]
    assert {one["subject"] for one in speed["growths"]} == {"many"}
    slow, right = speed["breakdowns"]
    assert slow["note"].startswith("A slow toy (slow) did not start")
    assert right["layers"]
    said = " ".join(program.out.split())
    assert "worn out" not in said
    assert "not all starts are measured: A slow toy (slow) did not start" in said
    assert "not all growth of Several with more workers: Several (more) did not" in said


def test_a_whole_run_goes_on_without_it(program: Program) -> None:
    words = prepared(program.folder)
    (program.folder / "workloads.toml").write_text("x = 1", encoding="utf-8")
    words += ["--max-examples", "0", "--cache", str(program.folder / "cache")]
    assert program(*words) == 0
    assert "how fast they are was not measured" in program.err
    assert "x is an unknown key" in program.err
    assert program.run.speed is None


@pytest.fixture
def begun(program: Program) -> Iterator[subprocess.Popen[str]]:
    words = [*program.flags[:2], *prepared(program.folder), *SPEED, "--time", "60"]
    with started([sys.executable, ROOT / "compare.py", *words]) as process:
        yield process


def started_by(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """All that a measurement needs, once it has begun: generator, ceiling, servers."""
    while process.poll() is None:
        found = psutil.Process(process.pid).children(recursive=True)
        words = " ".join(word for one in found for word in one.cmdline())
        if (
            "load.js" in words
            and "ceiling.js" in words
            and words.count("server.py") > 1
        ):
            return found
        time.sleep(0.05)
    raise AssertionError(process.communicate())


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_an_interruption_leaves_nothing(
    number: signal.Signals, code: int, begun: subprocess.Popen[str], program: Program
) -> None:
    started = started_by(begun)
    begun.send_signal(number)
    _, err = begun.communicate()
    assert begun.returncode == code
    assert "interrupted: nothing was concluded, nothing written" in err
    assert not [one for one in started if one.is_running()]
    left = [one.name for one in (program.folder / "results").rglob("*")]
    assert [name for name in left if not name.endswith(".log")] == ["logs"]
