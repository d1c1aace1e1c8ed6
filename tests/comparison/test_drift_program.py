"""`--only drift`: where documents come from, how they fail, and how it is shown."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from comparison import report
from comparison.cli import main
from comparison.contracts.grammar import METHODS
from comparison.drift.document import DriftError
from comparison.drift.source import Command, Printing
from comparison.report.page import page
from comparison.stacks import ROOT
from tests.comparison import hostile, sample
from tests.comparison.conftest import TOY, Program
from tests.comparison.parsed_page import parsed
from tests.comparison.served import UNASKED, Serve
from tests.comparison.test_html_hostile import drift

SCHEMA = Path(report.__file__).with_name("drift.schema.json").read_bytes()
VALIDATOR = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA))
TOYS = yaml.safe_load((TOY / "openapi.yaml").read_text("utf-8"))
EMPTY: Mapping[str, Any] = {"openapi": "3.1.0", "paths": {}}


def printing(program: Program, code: str) -> None:
    """Let the toy `right` print its document by a line of Python."""
    stacks = program.stacks_file.read_text("utf-8")
    start = 'title = "The toy as it should be"\n'
    command = json.dumps(["{python}", "-c", code])
    program.stacks_file.write_text(
        stacks.replace(start, f"{start}openapi = {command}\n"), encoding="utf-8"
    )


def shown(program: Program) -> dict[str, Any]:
    """What is said of the first stack, as JSON that fits its schema."""
    whole = json.loads(program.out)
    VALIDATOR.validate(whole)
    return dict(whole["stacks"][0])


def test_our_own_document_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "drift"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert len(text.splitlines()) < 70
    assert "\x1b" not in text
    for said in (
        "fastapi · python generated.py",
        "beyond   HEAD beside GET · 7 operations",
        "missing  response 500: Errors {errors} · all 19 operations",
        "beyond   detail: array of ValidationError {",
        "against  path parameter id → type: contract integer, document string",
        "No document of its own is named.",
    ):
        assert said in text
    assert main(["--only", "drift", "-v"]) == 0
    assert "user → password → pattern: ^" in capsys.readouterr().out


def test_our_own_document_as_json(program: Program) -> None:
    contract = str(ROOT / "contract" / "openapi.yaml")
    own = ["--stacks-file", str(ROOT / "stacks.toml")]
    assert main([*own, "--only", "drift", "--format", "json", "-q"]) == 0
    program.out = program._output().out
    found = shown(program)
    assert found["compared"] == 19
    groups = {one["about"]: one for one in found["groups"]}
    assert len(groups["operationIds"]["drifts"]) == 19
    [renamed] = [
        one
        for one in found["groups"]
        if (one["schema"] or {}).get("contract") == "Errors"
    ]
    assert renamed["schema"]["document"] == "HTTPValidationError"
    assert contract.endswith(json.loads(program.out)["contract"]["path"])


def test_the_document_that_a_stack_serves(program: Program, serve: Serve) -> None:
    [own] = serve(lambda _: (200, TOYS))
    [other] = serve(lambda _: (200, EMPTY))
    program.stacks_file.write_text(UNASKED, encoding="utf-8")
    config = program.folder / "compare.toml"
    config.write_text(
        f'[stacks.old]\nurl = "{own.url}"\nopenapi = "{own.url}/openapi.json"\n'
        f'[stacks.new]\nurl = "{other.url}"\nopenapi = "new.json"\n',
        encoding="utf-8",
    )
    (program.folder / "new.json").write_text(json.dumps(EMPTY), encoding="utf-8")
    flags = ["--config", str(config), "--only", "drift"]
    assert program(*flags, "--format", "json") == 0, program.err
    found = shown(program)
    assert (found["groups"], found["compared"]) == ([], len(_operations()))
    new = json.loads(program.out)["stacks"][1]
    assert new["source"] == str(program.folder / "new.json")
    [group] = new["groups"]
    assert [one["kind"] for one in group["drifts"]] == ["missing"] * len(_operations())
    assert program(*flags, "-q") == 0
    assert program.out.startswith("old: 0 drifts, in ")
    assert other.asked == []


def _operations() -> list[str]:
    return [name for item in TOYS["paths"].values() for name in item if name in METHODS]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import sys; sys.exit('no database')", "ends with exit code 1: no database."),
        ("print('<html>')", "is no OpenAPI document"),
        ("pass", "is no OpenAPI document"),
        ("print('{')", "cannot be read as"),
        ("import sys; sys.exit('password=hunter22')", "password=***"),
    ],
)
def test_a_command_that_fails_is_a_note(program: Program, code: str, why: str) -> None:
    printing(program, code)
    assert program("--stack", "right", "--only", "drift") == 2
    # Words are not broken, lines are.
    assert why in " ".join(program.out.split())
    assert "hunter22" not in program.out
    assert "No document could be had" in program.err
    assert "openapi" in program.err


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "takes longer than 0.5 s"),
        ("import os\nwhile True: os.write(1, b' ' * 65536)", "more than 32 MiB"),
        (None, "cannot be run"),
    ],
)
def test_a_command_without_an_end(tmp_path: Path, code: str | None, why: str) -> None:
    words = [sys.executable, "-c", code] if code else ["/no/such/program"]
    limit = 0.5 if why.startswith("takes") else 60.0
    command = Command(words, "it", tmp_path, {})
    with Printing(command, limit) as one, pytest.raises(DriftError) as error:
        one.content()
    assert why in str(error.value)
    assert str(error.value).endswith(f"Run it by hand in {tmp_path}.")


def test_what_has_ended_is_ended_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of its group may be that of others by the end of a long run."""
    ended: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda group, _: ended.append(group))
    command = Command([sys.executable, "-c", "print('{}')"], "it", tmp_path, {})
    with Printing(command) as one:
        assert one.content() == b"{}\n"
        assert len(ended) == 1
    assert len(ended) == 1


def test_a_secret_in_a_document_is_masked(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_TOKEN", "a-long-secret")
    ids = {"get": {"operationId": "a-long-secret", "responses": {}}}
    document = {**EMPTY, "servers": [{"url": "/v1"}], "paths": {"/notes": ids}}
    printing(program, f"print({json.dumps(document)!r})")
    config = program.folder / "compare.toml"
    config.write_text('[stacks.right]\nsecret = "${env:OUR_TOKEN}"\n', encoding="utf-8")
    flags = ["--stack", "right", "--config", str(config), "--only", "drift", "-v"]
    assert program(*flags) == 0
    assert "document ***" in program.out
    assert "a-long-secret" not in program.out
    assert program(*flags, "--show-secrets") == 0
    assert "document a-long-secret" in program.out


def test_a_run_file_keeps_it_for_later(program: Program) -> None:
    printing(program, f"print({json.dumps(dict(EMPTY))!r})")
    assert program("--select", "notes/*", "--max-examples", "0", "-q") == 0
    run = str(program.folder / "results" / "run.jsonl")
    [right, twin] = program.run.header["drift"]
    assert (right["compared"], twin["source"]) == (0, "")
    assert right["groups"][0]["about"] == "operations"
    assert program("--from", run, "--only", "drift") == 0
    assert "missing  GET /notes" in program.out
    text = (program.folder / "results" / "report.html").read_text("utf-8")
    assert parsed(text).text.count("GET /notes") >= 1
    assert '<a href="#drift">1 place</a>' in text


def test_the_page_has_every_drift() -> None:
    run = sample.whole(drift=drift(lambda number: f"word{number}"))
    text = page.render(run)
    assert '<li><a href="#drift">Contract drift</a></li>' in text
    assert '<p>Contract drift of word4: <a href="#drift">6 places</a></p>' in text
    begin = text.index('<section id="drift"')
    end = text.index("</section>", begin)
    section = parsed(text[begin:end] + "</section>")
    assert [section.text.count(f"\n{kind}word") for kind in ("missing", "beyond")] == [
        2,
        2,
    ]
    assert "Schema word0, word1 in the document · word3 of word2" in section.text
    assert "word2" in section.text
    assert all("aria-labelledby" in one for one in section.all("div"))
    assert "not in this run file" in page.render(sample.whole())


def test_a_hostile_document_is_text(program: Program) -> None:
    texts = [text[:300] for text in hostile.HOSTILE if text.isprintable()]
    paths = {
        f"/{n}": {"get": {"operationId": text, "responses": {text: {}}}}
        for n, text in enumerate([*texts, "\x1b[2J", "\n::error::owned"])
    }
    document = {**EMPTY, "servers": [{"url": "/v1"}], "paths": paths}
    (program.folder / "d.json").write_text(json.dumps(document), encoding="utf-8")
    printing(program, f"print(open({str(program.folder / 'd.json')!r}).read())")
    for colour in ("always", "never"):
        flags = ["--stack", "right", "--only", "drift", "-v", "--color", colour]
        assert program(*flags) == 0, program.err
        assert "\x1b[2J" not in program.out
        assert not any(x.startswith("::") for x in program.out.splitlines())
    assert program("--stack", "right", "--only", "drift", "--format", "json") == 0
    shown(program)


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--format", "html"], "The drift is text or json, not html."),
        (["--seed", "3"], "--only drift goes without --seed."),
        (["--select", "a"], "--only drift goes without --select."),
        (["--from", "none.jsonl"], "none.jsonl cannot be read"),
    ],
)
def test_what_cannot_be_heeded_is_refused(
    program: Program, flags: list[str], why: str
) -> None:
    assert program("--only", "drift", *flags) == 2
    assert why in program.err
