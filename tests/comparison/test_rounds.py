"""What is asked: singles as everybody, bound cases, sequences, fuzzing, budgets."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from comparison.cases.corpus import Case
from comparison.configuration.never import Never
from comparison.contracts.contract import load_contract
from comparison.contracts.links import links
from comparison.exchanges.exchange import Reply, Request
from comparison.exchanges.guard import Guard
from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken, Trace
from comparison.plans.plan import Plan, Step, build
from comparison.plans.pool import Pool
from comparison.plans.rounds import Cast, cast_of, escaped, fuzzed, singles
from comparison.plans.scenarios import Binding, Scenarios, load_scenarios
from comparison.plans.schedule import Budget, Schedule
from comparison.plans.selection import Selection
from comparison.plans.sequences import bind, sequences
from tests.comparison.conftest import TOY

CONTRACT = load_contract(TOY / "openapi.yaml")
SCENARIOS = load_scenarios(TOY / "scenarios.yaml")
CREATE = Case("createNote", "valid", "POST", "/notes", "", {}, '{"text": "x"}')
WRONG = replace(CREATE, about="wrong", text="{}", positive=False)
GET = Case("getNote", "valid", "GET", "/notes/7", "", {})
DELETE = replace(GET, operation="deleteNote", method="DELETE")
LIST = Case("listNotes", "valid", "GET", "/notes", "limit=2", {})


def _ids(plans: Iterable[Plan]) -> list[str]:
    return [plan.id for plan in plans]


def _identities(plans: Iterable[Plan], operation: str) -> set[str]:
    return {p.steps[-1].identity for p in plans if p.operation == operation}


def test_one_right_and_one_wrong_request_come_from_everybody() -> None:
    cast = cast_of(CONTRACT, SCENARIOS, secret_known=True)
    plans = singles(cast, [CREATE, replace(CREATE, text='{"text": "y"}'), WRONG])
    everybody = {
        *("alice", "anonymous", "malformed", "other-scheme", "foreign", "unsigned"),
        *("expired", "ghost", "wrong-scheme"),
    }
    for text in ('{"text": "x"}', "{}"):
        these = [plan for plan in plans if plan.steps[-1].text == text]
        assert _identities(these, "createNote") == everybody
    others = [plan for plan in plans if plan.steps[-1].text == '{"text": "y"}']
    assert _identities(others, "createNote") == {"alice"}


def test_nobody_signs_falsely_without_the_secret() -> None:
    cast = cast_of(CONTRACT, SCENARIOS, secret_known=False)
    asked = _identities(singles(cast, [CREATE]), "createNote")
    assert "foreign" in asked
    assert asked.isdisjoint({"expired", "ghost"})


def test_a_second_user_asks_too() -> None:
    world = (Step("POST /users", save={"bob": ""}), Step("GET /notes", identity="bob"))
    cast = cast_of(CONTRACT, replace(SCENARIOS, world=world), secret_known=False)
    assert {"alice", "bob"} <= _identities(singles(cast, [CREATE]), "createNote")


def test_a_path_parameter_is_once_random_and_once_bound() -> None:
    cast = cast_of(CONTRACT, SCENARIOS, secret_known=True)
    requests = {plan.steps[-1].request for plan in singles(cast, [GET, DELETE])}
    assert requests == {
        *("GET /notes/7", "GET /notes/${first.id}"),
        *("DELETE /notes/7", "DELETE /notes/${own.id}"),
    }
    bound = [p for p in singles(cast, [DELETE]) if "own" in p.steps[-1].request]
    assert {(len(plan.steps), plan.setup) for plan in bound} == {(2, 1)}


def test_what_only_reads_comes_first() -> None:
    cast = cast_of(CONTRACT, SCENARIOS, secret_known=True)
    methods = [p.steps[-1].method for p in singles(cast, [CREATE, GET, DELETE, LIST])]
    assert methods == sorted(methods, key=lambda method: method != "GET")


def test_what_looks_like_a_placeholder_is_sent_as_it_is() -> None:
    case = escaped(replace(CREATE, text='{"text": "${x} $ {"}', query="a=${y}"))
    [plan] = list(fuzzed(Cast(CONTRACT, {}), [case], 0, random.Random(1)))
    request = build(plan.steps[0], {}, "h", "")
    assert request.body == b'{"text": "${x} $ {"}'
    assert request.target == "/notes?a=%24{y}"


def test_fuzzed_cases_are_mostly_bound() -> None:
    cast = cast_of(CONTRACT, SCENARIOS, secret_known=True)
    plans = list(fuzzed(cast, [GET] * 300, 0, random.Random(1)))
    bound = sum("first" in plan.steps[-1].request for plan in plans)
    assert 200 < bound < 280
    assert len(_identities(plans, "getNote")) > 3
    again = list(fuzzed(cast, [GET] * 300, 0, random.Random(1)))
    assert plans == again


def _trace(plan: Plan, statuses: tuple[int, int] = (201, 201)) -> Trace:
    """What comes of a plan whose every step is answered with these statuses."""
    trace = Trace(plan)
    for step in plan.steps:
        operation = CONTRACT.find(step.method, step.target.split("?")[0])
        request = Request(step.method, step.target)
        answers = tuple(Reply(status, (), b"{}") for status in statuses)
        parted = Split("status", "status", ("a", "b"), ((0,), (1,)))
        splits = () if statuses[0] == statuses[1] else (parted,)
        empty: Any = ()
        taken = Taken(
            step=step,
            operation=operation,
            place=operation.id if operation else "",
            origins=("http://a", "http://b"),
            requests=(request, request),
            answers=answers,
            views=empty,
            breaches=((), ()),
            splits=splits,
        )
        trace.taken.append(taken)
    return trace


def _pool(*cases: Case) -> Pool:
    pool = Pool()
    for plan in singles(Cast(CONTRACT, {}, ("alice",)), cases):
        pool.learn(_trace(plan))
    return pool


def test_the_pool_has_what_all_answered_alike_and_well() -> None:
    [plan] = singles(Cast(CONTRACT, {}, (), ()), [CREATE])
    for statuses, learnt in (((201, 201), 1), ((201, 200), 1), ((422, 422), 0)):
        pool = Pool()
        pool.learn(_trace(plan, statuses))
        assert len(pool.recipes) == learnt, statuses
    pool = Pool()
    pool.learn(_trace(plan, (201, 422)))
    assert pool.recipes == {}


def test_what_does_not_work_again_is_forgotten() -> None:
    pool = _pool(CREATE)
    assert "createNote" in pool.recipes
    [recipe, *_] = pool.recipes["createNote"]
    for one in list(pool.recipes["createNote"]):
        pool.learn(_trace(Plan("s", one.steps, drawn=True), (409, 409)))
    assert pool.recipes == {}
    assert recipe.operation.id == "createNote"


def test_a_path_is_bound_to_what_a_recipe_makes() -> None:
    get = CONTRACT.operation("getNote")
    assert get is not None
    assert bind(get, Pool(), links(CONTRACT), "alice") is None
    binding = bind(get, _pool(CREATE), links(CONTRACT), "alice")
    assert binding is not None
    assert binding.identity == "alice"
    assert binding.path == {"id": "${createNote.id}"}
    assert [step.request for step in binding.before] == ["POST /notes"]
    assert binding.before[-1].save == {"createNote.id": "/id"}


def test_sequences_ask_for_what_they_have_made() -> None:
    pool = _pool(CREATE, GET, DELETE, LIST)
    drawn = sequences(CONTRACT, pool, links(CONTRACT), random.Random(3), "s")
    plans = [next(drawn) for _ in range(100)]
    assert len({plan.id for plan in plans}) == 100
    linked = [p for p in plans if any("${s" in step.request for step in p.steps)]
    assert len(linked) > 40
    for plan in linked:
        saved = {name for step in plan.steps for name in step.save}
        for step in plan.steps:
            if "${s" in step.request:
                assert step.request.split("${")[1].split("}")[0] in saved
    lengths = [len(plan.steps) for plan in plans]
    assert max(lengths[:10]) <= min(3, max(lengths))
    again = sequences(CONTRACT, pool, links(CONTRACT), random.Random(3), "s")
    assert [next(again) for _ in range(100)] == plans


def _schedule(**changes: Any) -> Schedule:
    given: dict[str, Any] = {
        "cast": cast_of(CONTRACT, SCENARIOS, secret_known=True),
        "written": SCENARIOS.plans,
        "cases": [LIST, CREATE],
        "fuzz": lambda chunk: [replace(LIST, query=f"limit={chunk}")] * 10,
        "budget": Budget(15, 60),
        "seed": 1,
    }
    return Schedule(**{**given, **changes})


def test_examples_are_counted_by_operation() -> None:
    for count, chunks in ((0, []), (4, [4]), (10, [10]), (25, [10, 10, 5])):
        ids = _ids(_schedule(budget=Budget(count, 60)).plans())
        found = [sum(f"/fuzz-{c}-" in name for name in ids) for c in range(len(chunks))]
        assert found == chunks
        assert sum("/fuzz-" in name for name in ids) == count


def test_without_a_count_time_ends_it() -> None:
    schedule = _schedule(budget=Budget(None, 0.2))
    ids = _ids(schedule.plans())
    assert schedule.complete
    assert any("/fuzz-2-" in name for name in ids)
    late = _schedule(budget=Budget(None, -1))
    assert _ids(late.plans()) == []
    assert not late.complete
    assert late.left == len(late.fixed())


def test_what_is_forbidden_is_left_out_and_counted() -> None:
    guard = Guard(Never(["createNote"], CONTRACT.operations))
    schedule = _schedule(guard=guard, budget=Budget(0, 60))
    plans = list(schedule.plans())
    assert not any(step.request == "POST /notes" for p in plans for step in p.steps)
    assert schedule.forbidden > 5


@pytest.mark.parametrize("select", ["notes/list", "listNotes"])
def test_a_selection_holds_in_every_round(select: str) -> None:
    schedule = _schedule(selection=Selection([select]))
    every = list(schedule.plans())
    assert every
    assert all(Selection([select]).takes(plan, CONTRACT) for plan in every)


def test_a_replay_asks_nothing_else() -> None:
    schedule = _schedule(written_only=True)
    assert _ids(schedule.plans()) == _ids(SCENARIOS.plans)
    assert schedule.complete


def test_scenarios_of_others_have_no_bindings() -> None:
    cast = cast_of(CONTRACT, Scenarios(), secret_known=False)
    create = CONTRACT.operation("createNote")
    assert create is not None
    assert cast.binding(create) == Binding()
    assert _identities(singles(cast, [CREATE]), "createNote") == {"anonymous"}
