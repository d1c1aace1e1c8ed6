"""Of a request only what matters is left: bodies and values of every kind."""

from collections.abc import Callable
from typing import Any

import pytest

from comparison.findings.parts import body
from comparison.findings.shrink import Budget, shrink
from comparison.plans.plan import Plan, Step

BODY = {
    "title": "A rather long title, 100 % pure, with much that nobody needs",
    "price": 12.5,
    "count": 9007199254740993,
    "tags": ["one", "two", "three", "four", "five"],
    "owner": {"name": "Ann", "address": {"street": "Long Street", "city": "Rome"}},
    "email": "ann@example.org",
    "sold": True,
    "note": None,
}


def small(step: Step, shows: Callable[[Step], bool]) -> Step:
    """What is left of a single request, as long as `shows` says yes to it."""
    budget = Budget(1000, float("inf"))
    return shrink(Plan("p", (step,)), 0, lambda p: shows(p.steps[0]), budget).steps[0]


def sent(value: Any, shows: Callable[[Any], bool]) -> Any:
    """What is left of a body."""
    return body(small(Step("POST /x", json=(value,)), lambda s: shows(body(s))))


@pytest.mark.parametrize(
    ("shows", "left"),
    [
        (lambda b: "%" in b["title"], {"title": "%"}),
        (lambda b: len(b["title"]) > 9, {"title": "a" * 10}),
        (lambda b: b["title"].startswith("A r"), {"title": "A r"}),
        (lambda b: len(b["tags"]) >= 3, {"tags": ["a", "a", "a"]}),
        (
            lambda b: b["owner"]["address"]["city"],
            {"owner": {"address": {"city": "a"}}},
        ),
        (lambda b: b["count"] > 2**53, {"count": 9007199254740993}),
        (lambda b: b["count"] > 5000, {"count": 9007}),
        (lambda b: b["price"] != int(b["price"]), {"price": 12.5}),
        (lambda b: b["price"] > 3, {"price": 12}),
        (lambda b: "@" in b["email"], {"email": "ann@example.org"}),
        (lambda b: b["note"] is None, {"note": None}),
        (lambda b: b["sold"] is True, {"sold": True}),
    ],
)
def test_of_a_body_only_what_matters_is_left(
    shows: Callable[[Any], bool], left: Any
) -> None:
    def total(value: Any) -> bool:
        try:
            return bool(shows(value))
        except (KeyError, TypeError):
            return False

    assert sent(BODY, total) == left


def test_values_from_replies_are_left_alone() -> None:
    value = {"id": "${note.id}", "by": "${ann.name} and others", "n": 300}
    found = sent(value, lambda left: isinstance(left, dict) and left.keys() == {*value})
    assert found == {**value, "n": 1}


@pytest.mark.parametrize(
    ("step", "left"),
    [
        (Step("PUT /x", text='{"ä": 1, "b": [{"c": "%%%%"}]}'), '{"b": [{"c": "%"}]}'),
        (Step("PUT /x", text="much text % that is no JSON"), "%"),
        (Step("PUT /x", text='{"a": 1, "a": NaN, "b": "%"}'), "%"),
        (Step("PUT /x", text="[" * 9000 + "%"), "%"),
        (Step("PUT /x", hex=(b"\xff\x00" * 40 + b"%" + b"\xfe" * 9).hex()), "%"),
        (Step("PUT /x", text='"\ud800%\ud800"'), '"%"'),
    ],
)
def test_bodies_of_every_kind_are_made_small(step: Step, left: str) -> None:
    found = small(step, lambda smaller: "%" in str(body(smaller)))
    assert body(found) == body(Step("PUT /x", text=left))


def test_an_escaped_segment_and_a_parameter_keep_what_matters() -> None:
    step = Step("GET /items/ab%FFcd%25ef?q=x+y%00z&n=-12345")
    wanted = ("%FF", "%00", "n=-")
    found = small(step, lambda s: all(text in s.request for text in wanted))
    assert found.request == "GET /items/%FF?q=%00&n=-1"
