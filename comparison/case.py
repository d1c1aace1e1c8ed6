"""A trace as a case: all that was said, as the text that a person reads."""

import json
from collections.abc import Sequence
from dataclasses import replace

from comparison.curl import curl
from comparison.exchanges.body import Broken, parsed
from comparison.exchanges.exchange import Answer, Failure, Request
from comparison.exchanges.trace import Taken, Trace
from comparison.findings.results import Case, CaseStep, Talk
from comparison.mask import Mask

MOST_BODY = 4000


def case(trace: Trace, names: Sequence[str], mask: Mask) -> Case:
    """All that a report of one plan needs; `names` are those of the lanes."""
    plan = trace.plan
    steps = [_step(taken, names, mask) for taken in trace.taken]
    stopped = mask.text(trace.stopped)
    return Case(plan.id, plan.title, list(plan.rules), steps, stopped)


def _step(taken: Taken, names: Sequence[str], mask: Mask) -> CaseStep:
    return CaseStep(
        place=taken.place,
        identity=taken.step.identity,
        talks=[_talk(taken, at, name, mask) for at, name in enumerate(names)],
        differences=[
            (
                one.kind,
                one.where,
                {
                    name: mask.difference(one.kind, one.where, value)
                    for name, value in zip(names, one.values, strict=True)
                },
            )
            for one in taken.splits
        ],
    )


def _talk(taken: Taken, at: int, name: str, mask: Mask) -> Talk:
    request, answer = taken.requests[at], taken.answers[at]
    breaches = [f"{breach.message} ({breach.rule})" for breach in taken.breaches[at]]
    return Talk(
        name,
        curl(request, taken.origins[at], mask),
        _request(request, mask),
        *_answer(answer, mask),
        [mask.text(breach) for breach in breaches],
    )


def _request(request: Request, mask: Mask) -> str:
    hidden = replace(
        request,
        target=mask.text(request.target),
        headers=tuple(mask.headers(request.headers)),
        body=None,
    )
    body = "" if request.body is None else _body(request.body, mask)
    return hidden.wire().decode("latin-1") + body


def _answer(answer: Answer, mask: Mask) -> tuple[str, list[tuple[str, str]], str]:
    if isinstance(answer, Failure):
        return f"! {answer.kind}: {answer.text}", [], ""
    headers = mask.headers(answer.headers)
    return str(answer.status), headers, _body(answer.body, mask)


def _body(body: bytes, mask: Mask) -> str:
    value = parsed(body)
    if isinstance(value, Broken):
        text = mask.text(body.decode("utf-8", "backslashreplace"))
    else:
        text = json.dumps(mask.value(value), indent=2, ensure_ascii=True)
    if len(text) > MOST_BODY:
        text = f"{text[:MOST_BODY]}… ({len(body)} bytes)"
    return text
