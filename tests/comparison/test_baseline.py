"""A run against an earlier one: new, gone, unchanged, and what nobody asked again."""

from typing import Any

import pytest

from comparison.configuration.severity import FailOn
from comparison.findings.baseline import against
from tests.comparison.sample import finding, run, violation

SAME = finding(where="/same")
LEFT = finding(where="/left")
CAME = finding(where="/came")


def test_findings_are_new_gone_or_unchanged() -> None:
    found = against(run(SAME, CAME), run(SAME, LEFT))
    assert found.new == (CAME,)
    assert found.gone == (LEFT,)
    assert found.unchanged == (SAME,)
    assert found.unasked == ()
    assert found.warnings == ()


def test_violations_are_the_same_by_stack_operation_kind_place_and_rule() -> None:
    before = violation(message="is no string", plan="a", count=3)
    now = violation(message="is not of type string", plan="b", count=1)
    other = violation(stack="left")
    found = against(run(now, other), run(before))
    assert found.new == (other,)
    assert found.unchanged == (now,)
    assert found.gone == ()


def test_what_is_known_is_not_new_and_what_was_known_neither() -> None:
    known = finding(where="/came", known="by design")
    assert against(run(known), run()).new == ()
    assert against(run(CAME), run(known)).new == ()
    assert against(run(CAME), run(known)).unchanged == (CAME,)


def test_what_is_known_by_now_is_not_gone() -> None:
    found = against(run(finding(where="/left", known="by design")), run(LEFT))
    assert found.gone == ()
    assert found.unchanged == ()


def test_what_a_partial_run_did_not_ask_is_not_gone() -> None:
    other = finding("listItems", where="/total")
    before = run(LEFT, other, asked=["getItem", "listItems"])
    found = against(run(asked=["getItem"], partial=True), before)
    assert found.gone == (LEFT,)
    assert found.unasked == (other,)


def test_what_a_partial_run_asked_less_often_is_not_gone() -> None:
    now = run(partial=True)
    now.exchanges["getItem"] = 9
    assert against(now, run(LEFT)).unasked == (LEFT,)
    now.exchanges["getItem"] = 10
    assert against(now, run(LEFT)).gone == (LEFT,)


def test_what_a_whole_run_never_sent_is_not_gone() -> None:
    assert against(run(asked=[]), run(LEFT)).unasked == (LEFT,)


def test_what_a_missing_stack_did_is_not_gone() -> None:
    only = [{"name": "left"}, {"name": "other"}]
    before = violation(stack="right")
    found = against(run(stacks=only), run(before, violation(stack="left"), LEFT))
    assert found.unasked == (LEFT, before)
    assert [one.operation for one in found.gone] == ["getItem"]


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ({"contract": {"sha256": "1" * 64}}, "contract has changed"),
        ({"stacks": [{"name": "right"}, {"name": "left"}]}, "compared right, left"),
        ({"seed": 2}, "another seed"),
    ],
)
def test_runs_that_are_not_comparable_are_compared_with_a_warning(
    header: dict[str, Any], word: str
) -> None:
    found = against(run(SAME), run(SAME, **header))
    assert found.unchanged == (SAME,)
    assert [word in warning for warning in found.warnings] == [True]


def test_a_partial_baseline_is_a_warning() -> None:
    found = against(run(CAME), run(partial=True))
    assert ["baseline is partial" in warning for warning in found.warnings] == [True]


@pytest.mark.parametrize(
    ("fail_on", "failed"),
    [("cosmetic", True), ("visible", True), ("breaking", False), ("never", False)],
)
def test_only_what_is_new_and_severe_enough_fails(
    fail_on: FailOn, failed: bool
) -> None:
    before = run(finding(where="/old", severity="breaking"))
    now = run(finding(where="/old", severity="breaking"), CAME)
    assert against(now, before).failed(fail_on) is failed
    assert not against(before, before).failed(fail_on)
