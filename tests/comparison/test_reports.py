"""Reports: what is left out is said, what is shown differs, and JSON is JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from comparison.exchanges.exchange import Reply
from comparison.exchanges.normalise import Normaliser
from comparison.exchanges.view import compare, view
from comparison.export.code import literal, one_line
from comparison.findings.baseline import against
from comparison.findings.results import Breakdown
from comparison.printable import COLOURS
from comparison.report.paint import ansi
from comparison.report.standing import sentence
from comparison.report.text import last, render
from comparison.report.violation import untold
from comparison.run import Run
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


LONG = "getTheListOfAllThatAnybodyHasEverWritten" * 3
DEEP = "/articles/*/author/address/streets/*/houses/*/floors/*/rooms/*/doors/*/name"


def _long() -> Run:
    """A run of which every name and every text is too long for a line."""
    replies: dict[str, Any] = {"left": {}, "right": {}}
    more: dict[str, Any] = {
        "operation": LONG,
        "where": DEEP,
        "request": f"GET /{'x' * 300}",
        "values": ["1 " * 200, "2" * 300],
        "plan": {"id": "p", "steps": [{"request": "GET /x", "text": "y" * 300}]},
        "replies": replies,
    }
    run = sample.whole(
        sample.finding(known="because " * 40, **more),
        sample.finding(**more),
        sample.finding(stable=False, **more),
        sample.violation(LONG, where=DEEP, message="m " * 99, rule="#/" + "y" * 90),
        sample.violation(LONG, where="/x" + DEEP, known="r " * 90),
        operations=[LONG, "listItems"],
        asked=(LONG, f"GET /{'q' * 90}"),
        rules=[{"rule": "ignore", "operation": LONG, "where": DEEP, "reason": LONG}],
        contract={"title": "Shop " * 30, "path": "p" * 90, "sha256": "0" * 64},
    )
    run.header["stacks"] = [
        {"name": "left", "title": "A title " * 20, "url": ""},
        {"name": "right", "title": "", "url": f"http://127.0.0.1/{'u' * 70}"},
    ]
    broken = Breakdown(
        "left", "died " * 40, "p", f"GET /{'r' * 300}", "t" * 200, "a " * 90
    )
    run.breakdowns.append(broken)
    entry = {"operation": LONG, "kind": "value", "where": DEEP, "why": "w " * 90}
    run.stale.append(entry)
    run.incomplete, run.unfinished = {f"{LONG}/p": "why " * 50}, 3
    numbers = dict.fromkeys(("unasked", "forbidden", "unlisted", "exchanges"), 10**7)
    run.footer |= numbers
    return run


@pytest.mark.parametrize("against_itself", [False, True])
def test_whatever_is_long_fits_80_columns(against_itself: bool) -> None:
    run = _long()
    text = render(run, baseline=against(run, run) if against_itself else None)
    lines = [line for line in text.splitlines() if "compare.py" not in line]
    assert max(map(len, lines)) <= 80
    coloured = render(run, ansi, baseline=against(run, run) if against_itself else None)
    assert COLOURS.sub("", coloured) == text


def test_no_count_is_broken_in_two() -> None:
    counts = last(_long()).split("\n")
    assert all(line.endswith(",") for line in counts[:-1])
    assert all(line.startswith(("! ", "  ")) for line in counts)


def _three(*groups: list[list[str]]) -> Run:
    stacks = [{"name": name, "title": "", "url": ""} for name in "abc"]
    found = [
        sample.finding(f"x{n}", groups=one, severity="breaking")
        for n, one in enumerate(groups)
    ]
    return sample.whole(*found, stacks=stacks, operations=["x0", "x1"])


A_BC, AB_C, ALL = [["a"], ["b", "c"]], [["a", "b"], ["c"]], [["a"], ["b"], ["c"]]
BOTH = (sample.violation(), sample.violation(stack="left"))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (
            sample.whole(),
            "= left and right behave the same: 1 of 2 operations, as far as asked.",
        ),
        (
            sample.whole(asked=("getItem", "listItems")),
            "= left and right behave the same: 2 operations, as far as asked.",
        ),
        (
            sample.whole(sample.finding(known="a reason")),
            "= left and right behave the same but for 1 known difference:"
            " 1 of 2 operations, as far as asked.",
        ),
        (
            sample.whole(sample.finding(), fail_on="breaking"),
            "= left and right differ in nothing that fails the run:"
            " 1 of 2 operations, as far as asked.",
        ),
        (
            sample.whole(sample.finding(), sample.finding("HEAD /x")),
            "≠ left and right differ in 1 operation and 1 other request.",
        ),
        (
            sample.whole(sample.finding(stable=False)),
            "≠ left and right differ now and then, in 1 operation.",
        ),
        (
            sample.whole(sample.violation()),
            "≠ left and right behave the same, and right breaks the contract"
            " in 1 operation.",
        ),
        (
            sample.whole(*BOTH),
            "≠ left and right behave the same, and right and left break the contract"
            " in 1 operation.",
        ),
        (
            sample.whole(
                sample.finding(severity="cosmetic"), *BOTH, fail_on="breaking"
            ),
            "≠ left and right differ in nothing that fails the run, and right and left"
            " break the contract in 1 operation.",
        ),
        (_three(A_BC), "≠ a differs from b and c in 1 operation."),
        (_three(AB_C, AB_C), "≠ c differs from a and b in 2 operations."),
        (_three(A_BC, AB_C), "≠ a, b and c differ in 2 operations."),
        (_three(ALL), "≠ a, b and c differ in 1 operation."),
        (_three(), "= a, b and c behave the same: 0 of 2 operations, as far as asked."),
        (_long(), "! left broke down, and 10,000,000 plans went unasked."),
    ],
)
def test_how_it_ended_is_told_of_the_stacks(run: Run, said: str) -> None:
    assert sentence(run) == said


def test_how_it_ended_against_a_baseline() -> None:
    before = sample.whole(sample.finding())
    same = sample.whole(sample.finding())
    assert sentence(same, against(same, before)) == (
        "= left and right differ in nothing new since the baseline:"
        " 1 of 2 operations, as far as asked."
    )
    more = sample.whole(sample.finding(), sample.finding("listItems"))
    assert sentence(more, against(more, before)) == (
        "≠ new since the baseline: left and right differ in 1 operation."
    )


def test_how_it_ended_where_there_is_nothing_to_tell() -> None:
    run = sample.whole(asked=())
    run.finished, run.unfinished = 0, 3
    assert sentence(run) == (
        "– nothing was concluded of left and right: most plans came to no end."  # noqa: RUF001
    )
    run = sample.whole()
    run.stale.append({})
    assert sentence(run) == (
        "≠ left and right behave the same, and 1 known difference no longer showed."
    )
