"""A finding as a test of its own: one module for pytest and httpx, nothing of ours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comparison.export.checks import checks, sides
from comparison.export.code import (
    literal,
    names_in,
    paragraph,
    quoted,
    statement,
    template,
    variable,
)
from comparison.export.parts import FIXTURE, RUN, SKIP, UNIQUE, module
from comparison.export.steps import StepCode, code
from comparison.findings.results import Finding
from comparison.known_secrets import HIDDEN
from comparison.plans.identity import is_user, needs_secret
from comparison.plans.plan import WORLD, Plan, Step, plan_from_json
from comparison.printable import harmless

_MADE = frozenset({"run", "unique"})
# A value that is longer tells less.
_MOST = 48


def export_pytest(findings: Sequence[Finding], header: Mapping[str, Any]) -> str:
    """The source of a test module with a test for each finding.

    `header` is that of the run file: `world` (steps), `base` (the path before every
    path), `credentials`. Raises `ExportError`.
    """
    nothing = Plan("", ())
    steps = {**nothing.as_json(), "steps": header.get("world") or []}
    plans = [plan_from_json(f.plan) for f in findings]
    world = plan_from_json(steps)
    written = StepCode(header, _user(world, plans, header.get("users") or ()))
    within = _Writer(world, plans, written)
    # What differs in the world itself is shown without another one.
    alone = replace(within, world=nothing)
    tests = [(alone if f.plan["id"] == WORLD else within).test(f) for f in findings]
    needed = world.steps and any(plan.id != WORLD for plan in plans)
    fixture = [within.fixture()] if needed else []
    body = "\n\n\n".join([*fixture, *tests]) + "\n"
    # An escape means the same in a text, in a pattern and in a docstring.
    return harmless(module(_opening(findings, body), body, _headers(header)))


def file_name(finding: Finding) -> str:
    """How a module with one finding is called: test_createArticle_status.py."""
    return f"test_{_words(finding.operation)}_{_words(finding.kind)}.py"


@dataclass
class _Writer:
    world: Plan
    plans: Sequence[Plan]
    steps: StepCode
    names: set[str] = field(default_factory=set)

    def fixture(self) -> str:
        """The world as a fixture that gives what the tests use of it."""
        lines = [FIXTURE, *self._made(self.world.steps, self._shared & {"run"})]
        steps = self.world.steps
        for at, step in enumerate(steps):
            later = self._shared | self.steps.used(steps[at + 1 :])
            lines += self.steps.lines(step, later, "success")
        pairs = {variable(n): "\0" + variable(n) for n in sorted(self._shared)}
        return "\n".join([*lines, statement("return ", literal(pairs, code))])

    def test(self, finding: Finding) -> str:
        """One test function."""
        plan = plan_from_json(finding.plan)
        steps = plan.steps[: finding.step + 1]
        templates = {t for s in (*steps, *self.world.steps) for t in _texts(s.json)}
        asserted = list(checks(sides(finding, sorted(templates))))
        used = set(re.findall(r"\b(?:run|unique)\b", "\n".join(asserted)))
        # What is skipped needs no reply and no message.
        skipped = asserted[-1].startswith("pytest.skip")
        asserted = asserted[-1:] if skipped else [_message(finding), *asserted]
        lines = [
            *self._start(finding, self.steps.used(steps) | used),
            *self._made(steps, used),
            *self._asked(steps, finding, "" if skipped else "reply"),
        ]
        return "\n".join([*lines, *(f"    {line}" for line in asserted)])

    def _start(self, finding: Finding, used: set[str]) -> list[str]:
        """The head of a test, and what it takes of the world."""
        given = sorted(name for name in used if self._given(name))
        name = self._name(file_name(finding).removesuffix(".py"))
        head = [f"def {name}(world: dict[str, Any]) -> None:"]
        if not given:
            mark = ['@pytest.mark.usefixtures("world")'] if self.world.steps else []
            head = [*mark, f"def {name}() -> None:"]
        values = [f"    {variable(n)} = world[{quoted(variable(n))}]" for n in given]
        return [*head, f'    """{_title(finding)}"""', *values]

    def _asked(self, steps: Sequence[Step], finding: Finding, look: str) -> list[str]:
        """The requests; `look` is how the last reply is looked at."""
        lines = []
        for at, step in enumerate(steps[:-1]):
            lines += self.steps.lines(step, self.steps.used(steps[at + 1 :]))
        if finding.kind == "surplus":
            target = template(self.steps.target(steps[-1]), in_target=True)
            return [
                *lines,
                f"    method, target = {quoted(steps[-1].method)}, {target}",
            ]
        return lines + self.steps.lines(steps[-1], set(), look)

    @property
    def _shared(self) -> set[str]:
        """What the tests use of the world."""
        used = self.steps.used([step for plan in self.plans for step in plan.steps])
        # A test may compare with a text that the world was made of.
        used |= {"run"} & self.steps.used(self.world.steps)
        return {name for name in used if self._given(name)}

    def _made(self, steps: Sequence[Step], more: set[str]) -> list[str]:
        """Texts that are new in every run, and secrets of the environment."""
        used = self.steps.used(steps) | more
        made = [UNIQUE] if "unique" in used else []
        is_world = steps is self.world.steps
        made += [RUN] if "run" in used and (is_world or not self.world.steps) else []
        for name in sorted(n for n in used if n.startswith("secret.")):
            made.append(_from_environment(name))
        made += [_from_environment(name) for name in sorted(filter(self._static, used))]
        return made + ([SKIP] if any(needs_secret(s.identity) for s in steps) else [])

    def _given(self, name: str) -> bool:
        """Whether a value comes from the world."""
        saved = {n.split(".")[0] for step in self.world.steps for n in step.save}
        first = name.partition(".")[0]
        return first in ({*saved, "run"} if self.world.steps else saved)

    def _static(self, name: str) -> bool:
        """Whether it is a token that no reply gives: that of the configuration."""
        plans = [self.world, *self.plans]
        saved = {n.split(".")[0] for p in plans for step in p.steps for n in step.save}
        first, _, last = name.partition(".")
        return last == "token" and first not in saved

    def _name(self, name: str) -> str:
        number, free = 1, name
        while free in self.names:
            number += 1
            free = f"{name}_{number}"
        self.names.add(free)
        return free


def _headers(header: Mapping[str, Any]) -> dict[str, str]:
    """The code of what every request bears: where stacks differ the server's own."""
    every = header.get("headers") or [{}]
    found = {}
    for name in dict.fromkeys(name for one in every for name in one):
        values = {one.get(name) for one in every}
        value = next(iter(values))
        same = len(values) == 1 and value is not None and HIDDEN not in value
        key = re.sub(r"\W", "_", name, flags=re.ASCII).upper()
        found[name] = quoted(value) if same else f"os.environ.get({quoted(key)})"
    return found


def _from_environment(name: str) -> str:
    key = quoted(variable(name).upper())
    return f"    {variable(name)} = os.environ[{key}]"


def _user(world: Plan, plans: Sequence[Plan], static: Sequence[str]) -> str | None:
    """The first user of the world, whose token others are made after."""
    if static:
        return static[0]
    steps = [*world.steps, *(step for plan in plans for step in plan.steps)]
    users = {step.identity for step in steps if is_user(step.identity)}
    saved = [name.partition(".")[0] for step in steps for name in step.save]
    return next((name for name in saved if name in users), None)


def _texts(value: Any) -> Iterator[str]:
    """The texts that hold what is new in every run, and nothing else of a reply."""
    if isinstance(value, str):
        names = set(names_in(value))
        if names and names <= _MADE:
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _words(text: str) -> str:
    return re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")


def _plain(text: str) -> str:
    """A text for a docstring."""
    text = text.encode("ascii", "replace").decode()
    return re.sub(r'[\\"\x00-\x1f]', "'", text)


def _place(finding: Finding) -> str:
    where = "" if finding.where == finding.kind else f" at {finding.where}"
    return f"{finding.operation}: {finding.kind}{where}"


def _title(finding: Finding) -> str:
    return _plain(f"{_place(finding)}.")


def _message(finding: Finding) -> str:
    values = "; ".join(
        f"{name}: {value if len(value) <= _MOST else value[:_MOST] + '...'}"
        for name, value in zip(finding.stacks, finding.values, strict=True)
    )
    said = ". ".join(finding.rules) or "No rule decides; the reference is followed"
    text = f"{_place(finding)} ({values}). {said}."
    return paragraph("message", text).lstrip()


def _opening(findings: Sequence[Finding], body: str) -> str:
    """The docstring of the module: what it shows and how it is run."""
    name = file_name(findings[0]) if len(findings) == 1 else "test_differences.py"
    titles = dict.fromkeys(f"- {_title(finding)}" for finding in findings)
    lines = ['"""Where stacks differ, and what is right.', "", *titles]
    lines += ["", "The server must run:", ""]
    keys = dict.fromkeys(re.findall(r'os\.environ\["(\w+)"\]', body))
    needed = "".join(f" {key}=..." for key in keys)
    lines += [f"    BASE_URL=http://127.0.0.1:3000{needed} pytest {name}", '"""']
    return "\n".join(lines)
