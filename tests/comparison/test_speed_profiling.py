"""The breakdown of one request: profiles are read, and every sample finds its layer."""

import http.client
import json
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comparison.running import RunningStack
from comparison.speed.profiling import ProfilingError, breakdown, py_spy
from comparison.speed.profiling.layers import LAYERS, layer_of, rules
from comparison.speed.profiling.places import node_place, python_place
from comparison.speed.profiling.profile import (
    Calls,
    Frame,
    Profile,
    of_thread,
    read_json,
    together,
)
from comparison.speed.profiling.profiled import summary
from comparison.speed.profiling.py_spy import advice, speedscope_profile
from comparison.speed.profiling.v8 import cpuprofile_calls, written
from comparison.stacks import load_stacks
from tests.comparison.processes import children_of

FOLDER = Path("/home/me/app")
PACKAGES = "/home/me/.venv/lib/python3.11/site-packages"

# Calls from the innermost outwards, each as "function file", and who pays for them.
CALLS = {
    "the event loop itself": ("Runner.run python:asyncio/runners.py", "server"),
    "sending": ("RequestResponseCycle.send uvicorn/protocols/http/impl.py", "server"),
    "a native call": (
        "writev v8:|writeGeneric node:net|end express/lib/a.js",
        "server",
    ),
    "a helper": (
        "compile python:re/__init__.py|match starlette/routing.py",
        "framework",
    ),
    "a helper of Node": ("emit node:events|next router/index.js", "framework"),
    "an ETag": ("update node:internal/crypto/hash|etag etag/index.js", "framework"),
    "a signature": ("sign node:internal/crypto/sig|sign jose/dist/a.js", "tokens"),
    "a driver": ("all v8:|fetch ./sqlite.js|read ./database.js", "storage"),
    "a driver's socket": (
        "writev v8:|write node:net|send postgres/src/c.js",
        "storage",
    ),
    "reading": ("TypeAdapter.validate_python pydantic/type_adapter.py", "validation"),
    "writing": ("TypeAdapter.dump_json pydantic/type_adapter.py", "serialisation"),
    "own validator": ("<lambda> ./fields.py|run pydantic/main.py", "validation"),
    "own transform": ("fault ./fields.js|parse zod/v4/core/parse.js", "validation"),
    "res.json": ("stringify v8:|json express/lib/response.js", "serialisation"),
    "res.send": ("send express/lib/response.js", "framework"),
    "json.dumps": ("iterencode python:json/encoder.py", "serialisation"),
    "json.loads": ("decode python:json/decoder.py|read ./bodies.py", "handlers"),
    "a handler": ("shown ./articles.js|list ./lists.js|next router/a.js", "handlers"),
    "garbage": ("(garbage collector) v8:|shown ./articles.js", "runtime"),
    "nobody's": ("processTicksAndRejections node:internal/process/x", "runtime"),
    "an unknown package": ("run strange/it.py|list ./lists.py", "other"),
    "unknown for a helper": ("sub python:re/__init__.py|run strange/it.py", "other"),
    "outside the stack": ("run elsewhere:it.py|list ./lists.py", "other"),
}


@pytest.mark.parametrize(("text", "layer"), CALLS.values(), ids=CALLS.keys())
def test_a_sample_belongs_to_the_layer_of_its_innermost_call(
    text: str, layer: str
) -> None:
    calls = tuple(Frame(*one.rsplit(" ", 1)) for one in text.split("|"))
    assert layer_of(calls) == layer


def test_the_table_has_rules_for_every_layer_but_other() -> None:
    assert {rule.layer for rule in rules()} == {*LAYERS, "caller"} - {"other"}


@pytest.mark.parametrize(
    "text", ['layer = "storige"', 'layer = "storage"\nfile = ["a"]']
)
def test_a_mistake_in_the_table_is_told(text: str, tmp_path: Path) -> None:
    table = tmp_path / "layers.toml"
    table.write_text(f"[[rule]]\n{text}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"layers\.toml"):
        rules(table)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        (f"{FOLDER}/sqlite.py", "./sqlite.py"),
        (f"{FOLDER}/.venv/lib/python3.11/site-packages/a/b.py", "a/b.py"),
        (f"{PACKAGES}/pydantic/main.py", "pydantic/main.py"),
        ("/usr/lib/python3/dist-packages/jwt/api.py", "jwt/api.py"),
        ("/usr/lib64/python3.13t/json/encoder.py", "python:json/encoder.py"),
        ("<frozen os>", "python:<frozen os>"),
        ("/srv/shared/tools.py", "elsewhere:tools.py"),
    ],
)
def test_a_file_of_python_has_a_short_name(file: str, place: str) -> None:
    assert python_place(file, FOLDER) == place


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", "v8:"),
        ("node:net", "node:net"),
        (f"file://{FOLDER}/src/a%20b.js", "./src/a b.js"),
        (f"{FOLDER}/app.cjs", "./app.cjs"),
        (f"file://{FOLDER}/node_modules/.pnpm/a@1/node_modules/@b/a/i.js", "@b/a/i.js"),
        ("file:///srv/shared/tools.js", "elsewhere:tools.js"),
        ("wasm://wasm/0a1b2c", "elsewhere:0a1b2c"),
    ],
)
def test_a_script_of_node_has_a_short_name(url: str, place: str) -> None:
    assert node_place(url, FOLDER) == place


def test_a_profile_of_py_spy_is_read() -> None:
    frames = [
        ("process 7", ""),
        ("main", f"{FOLDER}/server.py"),
        ("run", f"{PACKAGES}/uvicorn/main.py"),
        ("_worker", "/usr/lib/python3.11/concurrent/futures/thread.py"),
    ]
    document = {
        "shared": {"frames": [{"name": name, "file": file} for name, file in frames]},
        "profiles": [
            {"name": "Process 7 Thread 7", "samples": [[0, 1, 2], [0, 1, 2], [0]]},
            {"name": "Process 7 Thread 8", "samples": [[2], [3]]},
        ],
    }
    profile = speedscope_profile(document, FOLDER, {7: 0.6, 9: 0.25})
    main, run = Frame("main", "./server.py"), Frame("run", "uvicorn/main.py")
    none = Frame("(no Python frame)", "python:")
    assert profile.calls == pytest.approx(
        {(run, main): 0.4, (none,): 0.2, (run,): 1 / py_spy.RATE}
    )
    assert profile.samples == 4
    assert profile.busy == 4 / py_spy.RATE
    assert profile.elsewhere == pytest.approx(0.25 - 1 / py_spy.RATE)


def node(number: int, name: str, url: str = "", *children: int) -> dict[str, Any]:
    call = {"functionName": name, "url": url}
    return {"id": number, "callFrame": call, "children": list(children)}


CPUPROFILE = {
    "nodes": [
        node(1, "(root)", "", 2, 3, 4, 6),
        node(2, "(idle)"),
        node(3, "(garbage collector)"),
        node(4, "", f"file://{FOLDER}/app.js", 5),
        node(5, "stringify"),
        node(6, "post", "node:inspector"),
    ],
    "samples": [6, 5, 5, 4, 2, 2, 3, 1],
    "startTime": 0,
    "endTime": 8000,
}


def test_a_profile_of_v8_is_read() -> None:
    own = Frame("(anonymous)", "./app.js")
    assert cpuprofile_calls(CPUPROFILE, FOLDER) == {
        (Frame("stringify", "v8:"), own): 2,
        (own,): 1,
        (Frame("(garbage collector)", "v8:"),): 1,
        (Frame("(root)", "v8:"),): 1,
    }


def test_a_profile_of_v8_tells_what_it_cannot_see() -> None:
    document = {
        "version": "v24.1.0",
        "before": {"main": 1000, "all": 2000},
        "after": {"main": 5000, "all": 9000},
        "profile": CPUPROFILE,
    }
    profile = written(document, FOLDER)
    assert profile.profiler == "V8 CPU profiler of Node 24.1.0"
    assert (profile.seconds, profile.elsewhere) == (0.004, 0.003)
    assert profile.busy == pytest.approx(0.005)


def speedscope(document: Any, folder: Path) -> Profile:
    return speedscope_profile(document, folder, {})


@pytest.mark.parametrize("parse", [speedscope, written])
@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        '{"shared": {"frames": [',
        "[]",
        "null",
        "7",
        "{}",
        '{"shared": {"frames": [{"name": 7}]}, "profiles": 7}',
        '{"shared": {"frames": []}, "profiles": [{"samples": [[5]]}]}',
        '{"version": "v1", "before": {}, "after": {}, "profile": {"nodes": [{}]}}',
        '{"version": "v1", "before": {}, "after": {}, "profile":'
        ' {"nodes": [], "samples": [3]}}',
        "\udcff",
    ],
)
def test_a_cut_or_foreign_profile_is_told(
    parse: Callable[[Any, Path], Any], text: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "profile.json"
    if text is not None:
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ProfilingError, match=r"of no use.*Measure again"):
        read_json(file, "a profiler", lambda document: parse(document, FOLDER))


FILES = {"handler": "./app.py", "server": "uvicorn/a.py", "strange": "strange/a.py"}


def profile_of(
    samples: int = 400, busy: float = 2.0, elsewhere: float = 0.0, **seconds: float
) -> Profile:
    calls: dict[Calls, float] = {
        (Frame(name, FILES[name]),): spent for name, spent in seconds.items()
    }
    return Profile("p", calls, samples, busy, elsewhere)


def test_a_breakdown_has_every_layer_and_its_part_of_a_request() -> None:
    result = summary("it", "list", 1000, profile_of(handler=1.5, server=0.5))
    assert [one["layer"] for one in result["layers"]] == list(LAYERS)
    parts = {one["layer"]: (one["share"], one["us"]) for one in result["layers"]}
    assert parts["handlers"] == (0.75, 1500.0)
    assert parts["server"] == (0.25, 500.0)
    assert (result["samples"], result["us_per_request"]) == (400, 2000.0)
    first = {"name": "handler", "file": "app.py", "layer": "handlers", "share": 0.75}
    assert result["functions"][0] == first
    assert result["note"] is None
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(
    ("profile", "note"),
    [
        (profile_of(samples=10, handler=2), "rough"),
        (profile_of(handler=1.5, strange=0.5), "25% of the time"),
        (profile_of(busy=4.0, handler=2), "For 50% of its busy time"),
        (profile_of(elsewhere=0.5, handler=2), "takes 5000 µs more"),
    ],
)
def test_a_breakdown_says_what_to_know_before_believing_it(
    profile: Profile, note: str
) -> None:
    assert note in summary("it", "list", 100, profile)["note"]


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1.0), (100, 0.0)])
def test_nothing_seen_is_no_breakdown(requests: int, seconds: float) -> None:
    with pytest.raises(ProfilingError, match="Let the load go on"):
        summary("it", "list", requests, profile_of(handler=seconds))


def test_the_threads_of_a_stack_count_by_their_processor_time() -> None:
    idle, busy = (Frame(name, "./a.py") for name in ("idle", "busy"))
    seen = [
        of_thread("p", {(idle,): 90}, 0.9, 0.1),
        of_thread("p", {(busy,): 10, (idle,): 10}, 0.2, 0.4),
        of_thread("p", {}, 0.0, 0.3),
    ]
    profile = together(seen)
    assert profile.calls == pytest.approx({(idle,): 0.3, (busy,): 0.2})
    assert profile.samples == 110
    assert profile.busy == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("text", "platform", "scope", "advised"),
    [
        ("Permission denied (os error 13)", "linux", "2", "ptrace_scope is 2"),
        ("Operation not permitted", "linux", None, "--cap-add SYS_PTRACE"),
        ("This program requires root on OSX", "darwin", None, "sudo"),
        ("No python processes found in process 7", "linux", "0", "neither Python"),
        ("Failed to find python version", "linux", "0", "versions of Python"),
    ],
)
def test_what_would_help_py_spy_is_told(
    text: str, platform: str, scope: str | None, advised: str
) -> None:
    assert advised in advice(text, platform, scope)


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'stack.db'}"


class Load:
    """Asks for the list of articles for a while, on a connection that it keeps."""

    def __init__(self, seconds: float = 1.5) -> None:
        self.seconds = seconds
        self.answered: list[int] = []
        self.processes: list[int] = []

    def __call__(self, running: RunningStack) -> int:
        assert running.process is not None
        self.processes.append(running.process.pid)
        connection = http.client.HTTPConnection("127.0.0.1", running.port)
        self.answered.append(0)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            connection.request("GET", "/api/articles?limit=20")
            reply = connection.getresponse()
            assert (reply.status, bool(reply.read())) == (200, True)
            self.answered[-1] += 1
        connection.close()
        return self.answered[-1]


def assert_nothing_runs(load: Load, before: list[int]) -> None:
    assert children_of(os.getpid()) == before
    end = time.monotonic() + 10
    # What was killed ends a moment later.
    while left := [one for root in set(load.processes) for one in session_of(root)]:
        assert time.monotonic() < end, left
        time.sleep(0.02)


def session_of(leader: int) -> list[int]:
    """The processes of a session that run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(status.parent.name))
    return found


@pytest.mark.parametrize(
    ("name", "profiler"),
    [("fastapi", r"py-spy \d"), ("express", r"V8 CPU profiler of Node \d")],
)
def test_a_stack_under_load_is_broken_down(
    name: str, profiler: str, database: str
) -> None:
    before, load = children_of(os.getpid()), Load()
    result = breakdown(load_stacks().get(name), "list", database, load)
    assert_nothing_runs(load, before)
    assert (result["subject"], result["workload"]) == (name, "list")
    assert re.match(profiler, result["profiler"])
    assert len(load.answered) == 2
    assert result["requests"] == load.answered[1]
    assert result["samples"] > 0
    assert result["us_per_request"] > 0
    shares = {one["layer"]: one["share"] for one in result["layers"]}
    assert sum(shares.values()) == pytest.approx(1)
    assert min(shares["server"], shares["framework"], shares["storage"]) > 0
    assert shares["other"] < 0.1
    assert 0 < len(result["functions"]) <= 15
    for one in result["functions"]:
        assert not one["file"].startswith(("/", "file:", "."))
        assert not one["file"].startswith("node:inspector")


def test_a_profiler_that_may_not_look_says_so_and_leaves_nothing_behind(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = tmp_path / "py-spy"
    refused.write_text("#!/bin/sh\necho 'Permission Denied' >&2\nexit 1\n")
    refused.chmod(0o755)
    monkeypatch.setattr(py_spy, "program", lambda: str(refused))
    before, load = children_of(os.getpid()), Load(0.1)
    with pytest.raises(ProfilingError, match=r"(?s)may not look.*Permission D"):
        breakdown(load_stacks().get("fastapi"), "list", database, load)
    assert_nothing_runs(load, before)


def test_a_load_that_fails_leaves_nothing_behind(database: str) -> None:
    before, load = children_of(os.getpid()), Load(0.1)

    def failing(running: RunningStack) -> int:
        if load.answered:
            raise RuntimeError("the generator broke")
        return load(running)

    with pytest.raises(RuntimeError, match="the generator broke"):
        breakdown(load_stacks().get("fastapi"), "list", database, failing)
    assert_nothing_runs(load, before)


def test_a_node_server_without_a_graceful_end_is_broken_down(
    database: str, tmp_path: Path
) -> None:
    (tmp_path / "plain server.mjs").write_text(
        'import { createServer } from "node:http";\n'
        'createServer((_, reply) => reply.end("1")).listen(process.env.PORT);\n'
    )
    express = load_stacks().get("express")
    plain = replace(
        express,
        folder=tmp_path,
        install=(),
        start=("sh", "-c", "'{node}' 'plain server.mjs'; true"),
        environment={**express.environment, "NODE_OPTIONS": "--no-warnings"},
    )
    before, load = children_of(os.getpid()), Load(0.5)
    result = breakdown(plain, "plain", database, load)
    assert_nothing_runs(load, before)
    assert result["requests"] == load.answered[1]
