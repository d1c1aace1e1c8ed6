"""A trace as a case: all that was said, as the text that a person reads."""

import json
from collections.abc import Sequence

from comparison.curl import curl
from comparison.difference import Broken, parsed
from comparison.exchange import Answer, Failure, Request
from comparison.results import Case, CaseStep, Talk
from comparison.trace import Taken, Trace

MOST_BODY = 4000


def case(trace: Trace, names: Sequence[str]) -> Case:
    """All that a report of one plan needs; `names` are those of the lanes."""
    plan = trace.plan
    steps = [_step(taken, names) for taken in trace.taken]
    return Case(plan.id, plan.title, list(plan.rules), steps, trace.stopped)


def _step(taken: Taken, names: Sequence[str]) -> CaseStep:
    return CaseStep(
        place=taken.place,
        identity=taken.step.identity,
        talks=[_talk(taken, at, name) for at, name in enumerate(names)],
        differences=[
            (one.kind, one.where, {names[0]: one.first, names[at]: one.second})
            for at, found in enumerate(taken.differences, 1)
            for one in found
        ],
    )


def _talk(taken: Taken, at: int, name: str) -> Talk:
    request, answer = taken.requests[at], taken.answers[at]
    breaches = [f"{breach.message} ({breach.rule})" for breach in taken.breaches[at]]
    line = curl(request, taken.hosts[at])
    return Talk(name, line, _request(request), *_answer(answer), breaches)


def _request(request: Request) -> str:
    body = "" if request.body is None else _body(request.body)
    return request.wire().decode("latin-1") + body


def _answer(answer: Answer) -> tuple[str, list[tuple[str, str]], str]:
    if isinstance(answer, Failure):
        return f"! {answer.kind}: {answer.text}", [], ""
    return str(answer.status), list(answer.headers), _body(answer.body)


def _body(body: bytes) -> str:
    value = parsed(body)
    if isinstance(value, Broken):
        text = body.decode("utf-8", "backslashreplace")
    else:
        text = json.dumps(value, indent=2, ensure_ascii=True)
    if len(text) > MOST_BODY:
        text = f"{text[:MOST_BODY]}… ({len(body)} bytes)"
    return text
