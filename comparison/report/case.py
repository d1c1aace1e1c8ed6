"""One plan in full: what was sent to every stack, what each answered."""

import json
from collections.abc import Iterator, Sequence

from comparison.curl import curl
from comparison.difference import Broken, parsed
from comparison.exchange import Answer, Failure, Request
from comparison.report.paint import Paint, plain
from comparison.trace import Taken, Trace

MOST_BODY = 4000


def render(trace: Trace, names: Sequence[str], paint: Paint = plain) -> str:
    """Every step of a plan with all requests and replies, as text."""
    lines = [f"{trace.plan.id}  {trace.plan.title}".rstrip()]
    if trace.plan.rules:
        lines.append(f"rules {' '.join(trace.plan.rules)}")
    for number, step in enumerate(trace.taken, 1):
        lines += ["", *_step(number, step, names, paint)]
    if trace.stopped:
        lines += ["", f"It went no further: {trace.stopped}."]
    return "\n".join(lines) + "\n"


def _step(
    number: int, step: Taken, names: Sequence[str], paint: Paint
) -> Iterator[str]:
    verdict = "≠ differs" if step.differs else "= same"
    if any(step.breaches):
        verdict += ", breaks the contract"
    style = "green" if verdict == "= same" else "red"
    title = f"step {number} · {step.place} · as {step.step.identity} · {verdict}"
    yield paint(title, style)
    for at, name in enumerate(names):
        yield paint(f"── {name}", "bold")
        yield f"$ {curl(step.requests[at], step.hosts[at])}"
        yield from _request(step.requests[at])
        yield ""
        yield from _answer(step.answers[at])
        for breach in step.breaches[at]:
            yield paint(f"→ {breach.message} ({breach.rule})", "red")
    for at, found in enumerate(step.differences, 1):
        for one in found:
            yield paint(f"≠ {one.kind} at {one.where}", "red")
            yield f"    {names[0]}: {one.first}"
            yield f"    {names[at]}: {one.second}"


def _request(request: Request) -> Iterator[str]:
    yield from (f"> {line}" for line in request.wire().decode("latin-1").splitlines())
    if request.body is not None:
        yield from (f"> {line}" for line in _body(request.body).splitlines())


def _answer(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Failure):
        yield f"< ! {answer.kind}: {answer.text}"
        return
    yield f"< {answer.status}"
    yield from (f"< {name}: {value}" for name, value in answer.headers)
    if answer.body:
        yield "<"
        yield from (f"< {line}" for line in _body(answer.body).splitlines())


def _body(body: bytes) -> str:
    value = parsed(body)
    if isinstance(value, Broken):
        text = body.decode("utf-8", "backslashreplace")
    else:
        text = json.dumps(value, indent=2, ensure_ascii=True)
    if len(text) > MOST_BODY:
        text = f"{text[:MOST_BODY]}… ({len(body)} bytes)"
    return text
