"""Violations that a listed difference explains, and those that a rule ignores."""

from collections.abc import Callable

import pytest

from comparison.configuration.rules import Ignore, Rules
from comparison.findings.baseline import against
from comparison.findings.listed import listed
from comparison.report.text import render
from tests.comparison import sample
from tests.comparison.conftest import Program
from tests.comparison.served import Answer, Asked, Serve, flags

SCHEMA = {"type": "object", "properties": {"v": {"type": "integer"}}}
OK = {"description": "x", "content": {"application/json": {"schema": SCHEMA}}}
PATHS = {
    "/x": {"get": {"operationId": "x", "responses": {"200": OK, "404": OK, "405": OK}}}
}
ETAG = {"kind": "header", "where": "etag"}
KNOWN = """
[[difference]]
operation = "x"
kind = "status"
where = "status"
reason = "The old one is wrong, and will be gone."
"""
IGNORED = """
[[ignore]]
operation = "x"
kind = "schema"
where = "/v"
reason = "The schema is older than the servers."
"""


def answers(status: int, value: object) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        known = (asked.method, asked.path) == ("GET", "/x")
        return (status, {"v": value}) if known else (404, {})

    return answer


def test_a_known_difference_may_break_the_contract(
    program: Program, serve: Serve
) -> None:
    servers = serve(answers(200, 1), answers(418, 1))
    arguments = flags(program, servers, paths=PATHS)
    assert program(*arguments) == 1
    assert program.run.breaking
    (program.folder / "known_differences.toml").write_text(KNOWN)
    assert program(*arguments) == 0, program.out
    assert program.run.violations and not program.run.breaking
    assert "≈ new · x: status (x → responses)" in program.out
    assert "0 violations" in program.out
    assert program.run.verdict("x") == "known"


def test_a_violation_may_be_ignored_by_its_kind(program: Program, serve: Serve) -> None:
    servers = serve(answers(200, "one"), answers(200, "one"))
    assert program(*flags(program, servers, paths=PATHS)) == 1
    assert {one.kind for one in program.run.breaking} == {"schema"}
    assert program(*flags(program, servers, IGNORED, paths=PATHS)) == 0
    assert not program.run.violations
    mistake = IGNORED.replace('"schema"', '"schemas"')
    assert program(*flags(program, servers, mistake, paths=PATHS)) == 2
    assert "did you mean schema?" in program.err


@pytest.mark.parametrize(
    ("finding", "violation", "covered"),
    [
        ({}, {}, True),
        ({"known": None}, {}, False),
        ({"operation": "other"}, {}, False),
        ({"where": "/other"}, {}, False),
        ({}, {"stack": "third"}, False),
        ({"kind": "status", "where": "status"}, {"kind": "status", "where": ""}, True),
        ({"kind": "status", "where": "status"}, {}, False),
        (ETAG, ETAG, True),
        (ETAG, {"kind": "header", "where": "vary"}, False),
        ({"where": "/items/*/a"}, {"where": "/items/*/a"}, True),
    ],
)
def test_a_violation_is_listed_where_a_difference_is(
    finding: dict[str, str], violation: dict[str, str], covered: bool
) -> None:
    found = sample.finding(**{"known": "by design", **finding})
    one = listed(sample.violation(**violation), [found])
    assert (one.known == "by design") is covered


def test_what_is_listed_is_not_new() -> None:
    known = sample.violation(known="by design")
    run = sample.run(known, fail_on="cosmetic", rules=[], command="c")
    assert not run.failed
    assert not against(run, sample.run()).new
    run.footer |= {"exchanges": 1, "unlisted": 0, "unasked": 0, "forbidden": 0}
    run.footer["seconds"] = 1
    run.header["stacks"] = [{"name": "right", "title": "", "url": ""}]
    assert "by design" in render(run)


def test_an_ignored_place_may_be_the_whole_reply() -> None:
    rules = Rules(ignores=(Ignore("", "by design", kind="schema"),))
    assert rules.ignored("x", "schema", "")
    assert not rules.ignored("x", "schema", "/a")
