"""A plan is made small: pure predicates, honest and hostile."""

import itertools
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from comparison.findings.parts import body
from comparison.findings.shrink import Budget, shrink, size
from comparison.plans.plan import Plan, Step, fill

FOREVER = float("inf")
BODY = {
    "title": "A rather long title, 100 % pure, with much that nobody needs",
    "text": "some text",
    "price": 12.5,
    "count": 9007199254740993,
    "tags": ["one", "two", "three", "four", "five"],
    "owner": {"name": "Ann", "address": {"street": "Long Street", "city": "Rome"}},
    "email": "ann@example.org",
    "sold": True,
    "note": None,
    "kind": "book",
}
Shows = Callable[[Plan], bool]


class Asked:
    """A predicate that remembers which plans it was asked about."""

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self.plans: list[Plan] = []
        self.accepted: list[Plan] = []

    def __call__(self, plan: Plan) -> bool:
        self.plans.append(plan)
        if self.shows(plan):
            self.accepted.append(plan)
            return True
        return False


def plan_of(*steps: Step) -> Plan:
    return Plan("p", steps)


def small(plan: Plan, shows: Shows, runs: int = 1000) -> Plan:
    return shrink(plan, len(plan.steps) - 1, shows, Budget(runs, FOREVER))


def requests(plan: Plan) -> list[str]:
    return [step.request for step in plan.steps]


def test_the_size_counts_steps_parameters_headers_and_leaves() -> None:
    step = Step(
        "POST /x?a=1&b", headers={"X": "1"}, json=({"a": {"b": [1, 2]}, "c": []},)
    )
    assert size(plan_of(step, Step("GET /y"))) == 2 + 2 + 1 + 3
    assert size(plan_of(Step("PUT /x", text='{"a": 1, "b": 2}'))) == 3
    assert size(plan_of(Step("PUT /x", text="no JSON"))) == 2


def test_a_plan_of_ten_steps_with_ten_keys_is_small_after_sixty_runs() -> None:
    steps = [Step(f"POST /notes/{n}?a=1&b=2", json=(BODY,)) for n in range(9)]
    plan = plan_of(*steps, Step("PUT /last?q=1&r=2", headers={"X": "1"}, json=(BODY,)))

    def shows(smaller: Plan) -> bool:
        last = body(smaller.steps[-1])
        return (
            any(step.request.startswith("POST /notes/4") for step in smaller.steps)
            and isinstance(last, dict)
            and {"title", "kind"} <= last.keys()
            and "%" in last["title"]
        )

    asked = Asked(shows)
    found = small(plan, asked, 60)
    assert requests(found) == ["POST /notes/4", "PUT /last"]
    assert body(found.steps[-1]) == {"title": "%", "kind": "a"}
    assert size(found) == 4
    assert len(asked.plans) <= 60


def test_later_steps_go_without_a_run() -> None:
    plan = plan_of(Step("GET /1"), Step("GET /2"), Step("GET /3"))
    assert requests(shrink(plan, 1, lambda _: False, Budget(0, FOREVER))) == [
        "GET /1",
        "GET /2",
    ]


def test_a_step_stays_whose_saved_name_is_needed() -> None:
    plan = plan_of(
        Step("POST /users", save={"ann": "/user", "age": "/age"}),
        Step("POST /notes", identity="ann", save={"note.id": "/id"}),
        Step("POST /notes", save={"other": ""}),
        Step("GET /notes/${note.id}"),
    )
    asked = Asked(lambda smaller: "${note.id}" in smaller.steps[-1].request)
    found = small(plan, asked)
    # The last try leaves out what saves, for the world may have such a name too.
    assert requests(found) == ["GET /notes/${note.id}"]
    asked = Asked(lambda p: len(p.steps) > 2 and p.steps[1].identity == "ann")
    found = small(plan, asked)
    assert requests(found) == ["POST /users", "POST /notes", "GET /notes/${note.id}"]
    assert [dict(step.save) for step in found.steps] == [
        {"ann": "/user"},
        {"note.id": "/id"},
        {},
    ]
    assert requests(asked.plans[0]) == requests(found)


def test_the_number_of_preparing_steps_is_kept_right() -> None:
    steps = (Step("POST /1"), Step("POST /2"), Step("POST /3"), Step("GET /4"))
    plan = Plan("p", steps, setup=2)
    found = small(plan, lambda smaller: "POST /2" in requests(smaller))
    assert (requests(found), found.setup) == (["POST /2", "GET /4"], 1)


def test_headers_parameters_and_identities_go() -> None:
    headers = {"X": "1", "Y": None, "Z": "3"}
    plan = plan_of(
        Step("GET /1?a=b", identity="ann", headers=headers),
        Step("GET /2?a=1&b=2&c=3", identity="bob", headers=headers),
    )

    def shows(smaller: Plan) -> bool:
        first, last = smaller.steps[0], smaller.steps[-1]
        return len(smaller.steps) > 1 and "Y" in first.headers and "b=" in last.request

    found = small(plan, shows)
    assert requests(found) == ["GET /1", "GET /2?b=2"]
    assert [step.identity for step in found.steps] == ["anonymous", "anonymous"]
    assert [dict(step.headers) for step in found.steps] == [{"Y": None}, {}]


def test_an_expectation_goes_with_the_request_it_was_written_of() -> None:
    holds: dict[str, Any] = {"/a": 1}
    plan = plan_of(
        Step("POST /1", json=({"a": 1, "b": 2},), status=201, holds=holds),
        Step("GET /2", status=200, holds=holds, errors={"a": "b"}, sends={"X": None}),
    )
    wanted = Asked(
        lambda smaller: len(smaller.steps) > 1 and smaller.steps[0].json != ()
    )
    first, last = small(plan, wanted).steps
    assert first.json == ({},)
    assert (first.status, first.holds) == (None, {})
    assert last == plan.steps[1]


def test_no_plan_is_asked_about_twice_and_no_run_is_overspent() -> None:
    plan = plan_of(*[Step("GET /x", json=(BODY,))] * 12)
    asked = Asked(lambda smaller: len(smaller.steps) > 5)
    small(plan, asked, 70)
    keys = [repr(smaller) for smaller in asked.plans]
    assert len(set(keys)) == len(keys)
    assert 12 < len(asked.plans) <= 70
    late = Asked(lambda _: True)
    assert shrink(plan, 11, late, Budget(70, 0.0)) == plan
    assert late.plans == []


@pytest.mark.parametrize("seed", range(20))
def test_a_predicate_without_sense_still_gives_a_plan_that_shows(seed: int) -> None:
    """Not monotone: whether a plan shows says nothing of one with more or less."""
    plan = plan_of(*[Step(f"GET /{n}?a=1&b=%25", json=(BODY,)) for n in range(6)])
    asked = Asked(lambda p: zlib.crc32(f"{seed}{p.as_json()}".encode()) % 3 == 0)
    found = small(plan, asked)
    assert found == (asked.accepted[-1] if asked.accepted else plan)
    assert size(found) <= size(plan)


def test_a_flaky_predicate_ends_with_the_last_plan_that_it_took() -> None:
    tosses = itertools.cycle([True, False, False, True, False])
    asked = Asked(lambda _: next(tosses))
    plan = plan_of(*[Step(f"POST /{n}", json=(BODY,)) for n in range(10)])
    assert small(plan, asked, 80) == asked.accepted[-1]


def test_what_always_shows_ends_as_one_bare_request() -> None:
    step = Step("POST /x?a=%25", "ann", {"X": "1"}, text='{"a": [1]}', status=200)
    found = small(Plan("p", (step, step, step), setup=1), lambda _: True, 10)
    assert found == replace(found, steps=(Step("POST /x"),), setup=0)


@pytest.mark.parametrize(("needed", "left"), [(1, "a"), (300, "${repeat a 300}")])
def test_a_text_that_is_written_short_is_made_shorter(needed: int, left: str) -> None:
    def long_enough(plan: Plan) -> bool:
        sent = plan.steps[0].json
        text = fill(sent[0]["a"], {}) if sent and "a" in sent[0] else ""
        return len(text) >= needed

    step = Step("POST /x", json=({"a": "${repeat \U0001f600 10000}"},))
    assert small(plan_of(step), long_enough).steps[0].json == ({"a": left},)
    of_a_reply = Step("POST /x", json=({"a": "${b.c}${repeat a 100}"},))
    [kept] = small(plan_of(of_a_reply), lambda plan: "b.c" in str(plan)).steps
    assert kept == of_a_reply
