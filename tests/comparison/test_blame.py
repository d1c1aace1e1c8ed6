"""Who is to blame, and that a smaller plan does not change it."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from comparison.exchanges.conformance import Breach
from comparison.exchanges.exchange import Reply, Request
from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken, Trace
from comparison.findings.blame import concerns
from comparison.findings.cluster import Clusters
from comparison.findings.look import Look
from comparison.findings.results import Finding, Violation
from comparison.findings.smaller import make_small
from comparison.findings.verdict import blamed_by_others
from comparison.plans.plan import Plan, Step


@pytest.mark.parametrize(
    ("breach", "difference", "expected"),
    [
        (("written", "status", "status 422, not 200"), ("status", "status"), True),
        (("written", "/a", "1, not 2"), ("status", "status"), False),
        (("status", "", "not documented"), ("status", "status"), True),
        (("status", "", "not documented"), ("value", "/a"), False),
        (("request", "/a", "accepts"), ("status", "status"), True),
        (("header", "vary", "is missing"), ("header", "vary"), True),
        (("header", "vary", "is missing"), ("header", "server"), False),
        (("written", "vary", "is x"), ("header", "vary"), True),
        (("schema", "/a/b", "wrong"), ("type", "/a/b"), True),
        (("schema", "/a/b", "wrong"), ("type", "/a"), True),
        (("schema", "/c", "wrong"), ("type", "/a"), False),
        (("schema", "/a", '"b" is a required property'), ("missing", "/a/b"), True),
        (("schema", "/a", '"c" is a required property'), ("missing", "/a/b"), False),
        (("written", "/a/0/b", "1, not 2"), ("value", "/a/*/b"), True),
        (("schema", "", "the body is not JSON"), ("not-json", "body"), True),
        (("broken", "", "no reply"), ("broken", "connection"), True),
        (("schema", "", "wrong"), ("broken", "connection"), False),
    ],
)
def test_what_concerns_a_difference(
    breach: tuple[str, str, str], difference: tuple[str, str], expected: bool
) -> None:
    found = concerns(
        Breach(*breach, "rule"), Split(*difference, ("1", "2"), ((0,), (1,)))
    )
    assert found == expected


class Putting:
    """Two stacks that both refuse {}; the second also adds a header to each reply."""

    resettable = quick = False

    def run(self, plan: Plan, _pause: float = 0.0) -> Trace:
        [step] = plan.steps
        body = step.json[0] if step.json else {}
        refused = "a" not in body and step.status is not None
        wrong = Breach("written", "status", "status 422, not 200", "rule X")
        breaches = ((wrong,), (wrong,)) if refused else ((), ())
        split = Split("header", "server", ("(absent)", "x"), ((0,), (1,)))
        reply = Reply(422 if refused else 200, (), json.dumps(body).encode())
        asked, origins = (Request("PUT", "/"),) * 2, ("http://h", "http://h")
        taken = Taken(
            step, None, "put", origins, asked, (reply,) * 2, (), breaches, (split,)
        )
        return Trace(plan, [taken])


def test_a_smaller_plan_breaks_nothing_more() -> None:
    session = cast(Any, Putting())
    plan = Plan("p", (Step("PUT /", json=({"a": 1, "b": 2},), status=200),))
    clusters = Clusters()
    clusters.add(session.run(plan))
    [cluster] = clusters.by_signature.values()
    make_small(Look(session, float("inf")), clusters, cluster, 1)
    smallest = clusters.load(cluster).plan.steps[0]
    assert smallest.json == ()
    # What was written of the whole request is untrue of a smaller one.
    assert smallest.status is None
    clusters.close()


def test_another_reply_tells_who_is_wrong_at_this_place() -> None:
    violation = Violation(
        stack="b",
        operation="list",
        kind="written",
        where="/items/0/name",
        message='"x", not "y"',
        rule="rule R8",
        plan="lists",
        request="GET /items",
        count=1,
    )
    found = Finding(
        id="list.order",
        operation="list",
        theme="order items",
        kind="order",
        where="/items",
        severity="visible",
        stacks=["a", "b"],
        values=["[1, 2]", "[2, 1]"],
        groups=[["a"], ["b"]],
        count=1,
        stable=True,
        blamed=[],
        rules=[],
        lacks="",
        plan={},
        step=0,
        request="GET /items",
        replies={},
        reproduce={},
        handlers={},
    )
    assert blamed_by_others(found, [violation]).blamed == ["b"]
    others: list[dict[str, Any]] = [
        {"operation": "get"},
        {"where": "/itemsCount"},
        {"stack": "c"},
    ]
    for other in others:
        assert blamed_by_others(found, [replace(violation, **other)]).blamed == []
    assert blamed_by_others(replace(found, blamed=["a"]), [violation]).blamed == ["a"]
