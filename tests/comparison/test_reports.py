"""Reports: what is left out is said, what is shown differs, and JSON is JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from comparison.exchanges.exchange import Reply
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.view import compare, view
from comparison.export.code import literal, one_line
from comparison.report.text import render
from comparison.report.violation import untold
from tests.comparison import sample
from tests.comparison.conftest import Program
from tests.comparison.served import REPLIES, Answer, Asked, Serve, flags

PATHS = {"/x": {"get": {"operationId": "x", "responses": REPLIES}}}


def _whole(count: int, theme: str, verbose: bool = False) -> str:
    plan = {"id": "p", "steps": [{"request": "GET /x"}]}
    replies: dict[str, Any] = {"left": {}, "right": {}}
    more: dict[str, Any] = {"plan": plan, "replies": replies}
    findings = [
        sample.finding(where=f"/{n}", theme=theme.format(n), **more)
        for n in range(count)
    ]
    run = sample.run(*findings, fail_on="cosmetic", rules=[], command="c")
    run.footer |= {"exchanges": 1, "unlisted": 0, "unasked": 0, "forbidden": 0}
    run.footer["seconds"] = 1
    run.header["stacks"] = [{"name": "right", "title": "", "url": ""}]
    return render(run, verbose=verbose)


@pytest.mark.parametrize(
    ("count", "theme", "shown", "left"),
    [
        (40, "theme {}", 40, 0),
        (41, "theme {}", 40, 1),
        (50, "theme {}", 40, 10),
        (50, "one theme", 3, 47),
        (3, "one theme", 3, 0),
    ],
)
def test_what_a_report_leaves_out_is_counted(
    count: int, theme: str, shown: int, left: int
) -> None:
    text = _whole(count, theme)
    assert text.count("≠ getItem: value at") == shown
    assert ("more:" in text) is bool(left)
    assert not left or f"… and {left} more: -v or" in text
    assert _whole(count, theme, verbose=True).count("≠ getItem: value at") == count


def raw(body: bytes) -> Callable[[Asked], Answer]:
    return lambda asked: (200, body) if asked.path == "/x" else (404, {})


def test_a_number_beyond_all_is_no_reason_for_a_report_that_is_no_json(
    program: Program, serve: Serve
) -> None:
    servers = serve(raw(b'{"a": 1e400, "b": -1e400}'), raw(b'{"a": 1e400, "b": 2}'))
    assert program(*flags(program, servers, paths=PATHS), "--format", "json") == 1

    def refuse(name: str) -> None:
        raise AssertionError(name)

    found = json.loads(program.out, parse_constant=refuse)["differences"]
    assert found[0]["replies"]["old"]["body"] == {"a": 10**400, "b": -(10**400)}
    assert one_line(literal([float("inf")])) == '[float("inf")]'


def test_one_stack_is_no_comparison(program: Program, serve: Serve) -> None:
    arguments = flags(program, serve(raw(b"{}")), paths=PATHS)
    assert program(*arguments) == 2
    assert "old is the only stack, a comparison needs two" in program.err
    assert program(*arguments, "--list") == 0


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (b"one", b"two", ("'one'", "'two'")),
        (
            b"x " * 50 + b"end-1",
            b"x " * 50 + b"end-2",
            ("…, byte 100: 'end-1'", "…, byte 100: 'end-2'"),
        ),
        (
            b"x" * 100 + b"1 one",
            b"x" * 100 + b"2 two",
            ("…, byte 100: '1 one'", "…, byte 100: '2 two'"),
        ),
        (b"x" * 100, b"x" * 101, ("…, byte 100: ''", "…, byte 100: 'x'")),
    ],
)
def test_of_two_texts_that_is_shown_in_which_they_differ(
    first: bytes, second: bytes, values: tuple[str, str]
) -> None:
    sent = (("Content-Type", "text/plain"),)
    one, other = (
        view(Reply(200, sent, body), Normaliser()) for body in (first, second)
    )
    (found,) = compare(one, other)
    assert (found.first, found.second) == values


@pytest.mark.parametrize(
    ("message", "rule", "other", "told"),
    [
        ("is 200", "the rule C1", {}, True),
        ("is 200", "the rule C2", {}, True),
        ("is not 201", "the rule C1", {}, True),
        ("is not 201", "the rule C2", {}, False),
        ("is 20", "the rule C2", {}, False),
        ("is 200", "the rule C1", {"stack": "left"}, False),
        ("is 200", "the rule C1", {"operation": "listItems"}, False),
        ("is 200", "the rule C1", {"where": "/other"}, False),
    ],
)
def test_a_violation_that_a_difference_tells_is_told_once(
    message: str, rule: str, other: dict[str, Any], told: bool
) -> None:
    finding = sample.finding(where="/title", rules=["right: is 200 (the rule C1)"])
    one = {"operation": "getItem", "message": message, "rule": rule, **other}
    violations = [sample.violation(**one)]
    assert untold(violations, [finding]) == ([] if told else violations)


@pytest.mark.parametrize(
    ("message", "told"),
    [("status 200, not 201", True), ("status 200, not 404", False)],
)
def test_a_written_status_is_told_by_the_difference_in_status(
    message: str, told: bool
) -> None:
    """What is written of the status is lost while the plan is made small."""
    finding = sample.finding(kind="status", where="status", values=["201", "200"])
    written = sample.violation(kind="written", where="status", message=message)
    assert untold([written], [finding]) == ([] if told else [written])
