"""One plan in full: what was sent to every stack, what each answered."""

from collections.abc import Iterator

from comparison.report.paint import Paint, plain
from comparison.results import Case, CaseStep, Talk


def render(case: Case, paint: Paint = plain) -> str:
    """Every step of a plan with all requests and replies, as text."""
    lines = [f"{case.id}  {case.title}".rstrip()]
    if case.rules:
        lines.append(f"rules {' '.join(case.rules)}")
    for number, step in enumerate(case.steps, 1):
        lines += ["", *_step(number, step, paint)]
    if case.stopped:
        lines += ["", f"It went no further: {case.stopped}."]
    return "\n".join(lines) + "\n"


def _step(number: int, step: CaseStep, paint: Paint) -> Iterator[str]:
    verdict = "≠ differs" if step.differences else "= same"
    if any(talk.breaches for talk in step.talks):
        verdict += ", breaks the contract"
    style = "green" if verdict == "= same" else "red"
    title = f"step {number} · {step.place} · as {step.identity} · {verdict}"
    yield paint(title, style)
    for talk in step.talks:
        yield from _talk(talk, paint)
    for kind, where, values in step.differences:
        yield paint(f"≠ {kind} at {where}", "red")
        yield from (f"    {name}: {value}" for name, value in values.items())


def _talk(talk: Talk, paint: Paint) -> Iterator[str]:
    yield paint(f"── {talk.stack}", "bold")
    yield f"$ {talk.curl}"
    yield from (f"> {line}" for line in talk.request.splitlines())
    yield ""
    yield f"< {talk.answer}"
    yield from (f"< {name}: {value}" for name, value in talk.headers)
    if talk.body:
        yield "<"
        yield from (f"< {line}" for line in talk.body.splitlines())
    yield from (paint(f"→ {breach}", "red") for breach in talk.breaches)
