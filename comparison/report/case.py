"""One plan in full: what was sent to every stack, what each answered."""

from collections.abc import Iterator

from comparison.findings.results import Case, CaseStep, Talk
from comparison.printable import painted, printable
from comparison.report.layout import many
from comparison.report.paint import Paint, plain


def render(case: Case, paint: Paint = plain) -> str:
    """The steps of a plan as text, with all requests and replies of the bad ones.

    Where no step is bad, all of them are shown in full.
    """
    lines = [f"{case.id}  {case.title}".rstrip()]
    if case.rules:
        lines.append(f"rules {' '.join(case.rules)}")
    bad = [number for number, step in enumerate(case.steps, 1) if _is_bad(step)]
    for number, step in enumerate(case.steps, 1):
        full = number in bad or not bad
        lines += ["", *_step(number, step, paint)] if full else [_title(number, step)]
    if case.stopped:
        lines += ["", f"It went no further: {case.stopped}."]
    lines += ["", paint(_summary(case, bad), "red" if bad else "green")]
    return painted("\n".join(lines) + "\n")


def _summary(case: Case, bad: list[int]) -> str:
    if not bad:
        return f"= {many(len(case.steps), 'step')}, all the same"
    numbers = ", ".join(map(str, bad))
    steps = many(len(case.steps), "step")
    return f"≠ of {steps} these are not as they should be: {numbers}"


def _is_bad(step: CaseStep) -> bool:
    return bool(step.differences) or any(talk.breaches for talk in step.talks)


def _title(number: int, step: CaseStep) -> str:
    verdict = "≠ differs" if step.differences else "= same"
    if any(talk.breaches for talk in step.talks):
        verdict += ", breaks the contract"
    return f"step {number} · {step.place} · as {step.identity} · {verdict}"


def _step(number: int, step: CaseStep, paint: Paint) -> Iterator[str]:
    yield paint(_title(number, step), "red" if _is_bad(step) else "green")
    for talk in step.talks:
        yield from _talk(talk, paint)
    for kind, where, values in step.differences:
        yield paint(f"≠ {kind} at {where}", "red")
        yield from (
            f"    {_seen(f'{name}: {value}')}" for name, value in values.items()
        )


def _talk(talk: Talk, paint: Paint) -> Iterator[str]:
    yield paint(f"── {talk.stack}", "bold")
    yield f"$ {_seen(talk.curl)}"
    yield from (f"> {_seen(line)}" for line in talk.request.splitlines())
    yield ""
    yield f"< {_seen(talk.answer)}"
    yield from (f"< {_seen(f'{name}: {value}')}" for name, value in talk.headers)
    if talk.body:
        yield "<"
        yield from (f"< {_seen(line)}" for line in talk.body.splitlines())
    yield from (paint(f"→ {breach}", "red") for breach in talk.breaches)


def _seen(line: str) -> str:
    """A line that holds what others said."""
    return printable(line, keep="\t")
