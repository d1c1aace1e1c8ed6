"""A finding as a test of its own: one module for pytest and httpx, nothing of ours."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comparison.export_checks import checks, sides
from comparison.export_code import (
    Code,
    call,
    literal,
    names_in,
    paragraph,
    quoted,
    statement,
    template,
    variable,
)
from comparison.export_parts import FIXTURE, RUN, SKIP, UNIQUE, minted, module
from comparison.identity import is_user, needs_secret
from comparison.plan import OUTSIDE, WORLD, Plan, Step, plan_from_json
from comparison.results import Finding

# httpx writes these itself, and refuses other ones.
_OWN = frozenset({"host", "content-length", "transfer-encoding"})
_MADE = frozenset({"run", "unique"})
NOT_MINTED = frozenset({"anonymous", "malformed", "other-scheme"})


class ExportError(Exception):
    """A finding cannot be shown by a test; the text says why and what to do."""


def export_pytest(findings: Sequence[Finding], header: Mapping[str, Any]) -> str:
    """The source of a test module with a test for each finding.

    `header` is that of the run file: `world` (steps), `base` (the path before every
    path), `credentials`. Raises `ExportError`.
    """
    nothing = Plan("", ())
    steps = {**nothing.as_json(), "steps": header.get("world") or []}
    plans = [plan_from_json(f.plan) for f in findings]
    within = _Writer(header, plan_from_json(steps), plans)
    # What differs in the world itself is shown without another one.
    alone = replace(within, world=nothing)
    tests = [(alone if f.plan["id"] == WORLD else within).test(f) for f in findings]
    needed = within.world.steps and any(plan.id != WORLD for plan in plans)
    fixture = [within.fixture()] if needed else []
    return module(_opening(findings), "\n\n\n".join([*fixture, *tests]) + "\n")


def file_name(finding: Finding) -> str:
    """How a module with one finding is called: test_createArticle_status.py."""
    return f"test_{_words(finding.operation)}_{_words(finding.kind)}.py"


@dataclass
class _Writer:
    header: Mapping[str, Any]
    world: Plan
    plans: Sequence[Plan]
    names: set[str] = field(default_factory=set)

    def fixture(self) -> str:
        """The world as a fixture that gives what the tests use of it."""
        lines = [FIXTURE, *self._made(self.world.steps, self._shared & {"run"})]
        steps = self.world.steps
        for at, step in enumerate(steps):
            later = self._shared | self._used(steps[at + 1 :])
            lines += self._step(step, later, must=True)
        pairs = {variable(n): "\0" + variable(n) for n in sorted(self._shared)}
        return "\n".join([*lines, statement("return ", literal(pairs, _code))])

    def test(self, finding: Finding) -> str:
        """One test function."""
        plan = plan_from_json(finding.plan)
        steps = plan.steps[: finding.step + 1]
        templates = {t for s in (*steps, *self.world.steps) for t in _texts(s.json)}
        asserted = [f"    {line}" for line in checks(sides(finding, sorted(templates)))]
        own = set(re.findall(r"\b(?:run|unique)\b", "\n".join(asserted)))
        used = self._used(steps) | own
        given = sorted(n for n in used if self._given(n))
        name = self._name(file_name(finding).removesuffix(".py"))
        start = [f"def {name}(world: dict[str, Any]) -> None:"]
        if not given:
            mark = ['@pytest.mark.usefixtures("world")'] if self.world.steps else []
            start = [*mark, f"def {name}() -> None:"]
        lines = [*start, f'    """{_title(finding)}"""', *self._made(steps, own)]
        lines += [f"    {variable(n)} = world[{quoted(variable(n))}]" for n in given]
        for at, step in enumerate(steps):
            last = at == finding.step
            if last and finding.kind == "surplus":
                target = template(self._target(step), in_target=True)
                lines.append(f"    method, target = {quoted(step.method)}, {target}")
            else:
                lines += self._step(step, self._used(steps[at + 1 :]), must=last)
        return "\n".join([*lines, paragraph("message", _message(finding)), *asserted])

    @property
    def _shared(self) -> set[str]:
        """What the tests use of the world."""
        used = self._used([step for plan in self.plans for step in plan.steps])
        # A test may compare with a text that the world was made of.
        used |= {"run"} & self._used(self.world.steps)
        return {name for name in used if self._given(name)}

    def _used(self, steps: Iterable[Step]) -> set[str]:
        """The names of all values that steps need."""
        found: set[str] = set()
        for step in steps:
            found |= set(names_in([step.request, step.headers, step.json, step.text]))
            if is_user(step.identity):
                found.add(f"{step.identity}.token")
            elif step.identity not in NOT_MINTED and self._user:
                found.add(f"{self._user}.token")
        return found

    def _made(self, steps: Sequence[Step], more: set[str]) -> list[str]:
        """Texts that are new in every run, and secrets of the environment."""
        used = self._used(steps) | more
        made = [UNIQUE] if "unique" in used else []
        is_world = steps is self.world.steps
        made += [RUN] if "run" in used and (is_world or not self.world.steps) else []
        for name in sorted(n for n in used if n.startswith("secret.")):
            variable_ = quoted(variable(name).upper())
            made.append(f"    {variable(name)} = os.environ[{variable_}]")
        return made + ([SKIP] if any(needs_secret(s.identity) for s in steps) else [])

    def _given(self, name: str) -> bool:
        """Whether a value comes from the world."""
        saved = {n.split(".")[0] for step in self.world.steps for n in step.save}
        first = name.partition(".")[0]
        return first in ({*saved, "run"} if self.world.steps else saved)

    def _name(self, name: str) -> str:
        number, free = 1, name
        while free in self.names:
            number += 1
            free = f"{name}_{number}"
        self.names.add(free)
        return free

    def _step(self, step: Step, later: set[str], *, must: bool) -> list[str]:
        """The lines of a request, and of the values that later ones take of its reply.

        `must`: its reply is looked at in any case.
        """
        kept = list(dict.fromkeys(_kept(step, sorted(later))))
        arguments: list[Code] = [
            quoted(step.method),
            template(self._target(step), in_target=True),
        ]
        headers, body = self._headers(step), _body(step)
        if headers or body is not None:
            arguments.append(literal(headers, _code))
        arguments += [] if body is None else [body]
        before = "reply = " if kept or must else ""
        lines = [statement(before, call("send", *arguments))]
        if kept:
            lines.append("    assert reply.is_success, reply.text")
        return lines + [f"    {line}" for line in kept]

    def _target(self, step: Step) -> str:
        if step.target.startswith(OUTSIDE):
            return step.target[1:]
        return str(self.header.get("base", "")) + step.target

    def _headers(self, step: Step) -> dict[str, str | None]:
        """Names and code of the headers that a step sends beside the usual ones."""
        found: dict[str, str | None] = {}
        if (code := self._credentials(step.identity)) is not None:
            how = self.header.get("credentials") or {}
            found[str(how.get("header", "Authorization"))] = code
        for name, value in step.headers.items():
            if name.lower() in _OWN:
                raise ExportError(
                    f"The request sets {name}, which httpx writes itself; use the curl"
                    " line of the report."
                )
            found = {k: v for k, v in found.items() if k.lower() != name.lower()}
            found[name] = None if value is None else "\0" + _header(value)
        return found

    def _credentials(self, identity: str) -> str | None:
        how = self.header.get("credentials") or {}
        form = str(how.get("format", "Bearer {token}"))
        if identity == "anonymous":
            return None
        if identity == "other-scheme":
            return "\0" + quoted("Basic dXNlcjpwYXNzd29yZA==")
        if identity == "malformed":
            return "\0" + quoted(form.replace("{token}", "not.a.token"))
        if is_user(identity):
            return "\0" + template(form.replace("{token}", f"${{{identity}.token}}"))
        before, _, after = form.partition("{token}")
        token = None if self._user is None else variable(f"{self._user}.token")
        parts = (
            before and quoted(before),
            minted(identity, token),
            after and quoted(after),
        )
        return "\0" + " + ".join(part for part in parts if part)

    @property
    def _user(self) -> str | None:
        """The first user of the world."""
        steps = (*self.world.steps, *(s for plan in self.plans for s in plan.steps))
        users = {step.identity for step in steps if is_user(step.identity)}
        saved = [name.split(".")[0] for step in steps for name in step.save]
        return next((name for name in saved if name in users), None)


def _kept(step: Step, later: Sequence[str]) -> Iterator[str]:
    """Assignments of what later steps need of a reply."""
    for name in later:
        for saved, source in step.save.items():
            if name == saved or name.startswith(f"{saved}."):
                rest = name[len(saved) + 1 :]
                yield f"{variable(name)} = {_source(source, rest)}"


def _source(source: str, rest: str) -> str:
    kind, colon, what = source.partition(":")
    if colon and kind == "cookie":
        return f"reply.cookies[{quoted(what)}]"
    if colon and kind == "header":
        name, slash, at = what.partition("/")
        return f"reply.headers[{quoted(name)}]" + (
            f'.split("/")[{at}]' if slash else ""
        )
    parts = [*source.split("/")[1:], *(rest.split(".") if rest else [])]
    keys = (f"[{part if part.isdigit() else quoted(part)}]" for part in parts)
    return "reply.json()" + "".join(keys)


def _body(step: Step) -> Code | None:
    if step.json:
        return call("json.dumps", literal(step.json[0], template))
    if step.hex is not None:
        return call("bytes.fromhex", quoted(step.hex))
    if step.text is None:
        return None
    if re.search(r"[\ud800-\udfff]", step.text):
        return call(
            "bytes.fromhex", quoted(step.text.encode("utf-8", "surrogatepass").hex())
        )
    code = template(step.text)
    return f"str({code})" if code.isidentifier() else code


def _header(value: str) -> str:
    if value.isascii():
        return template(value)
    return "b" + quoted(value.encode("latin-1", "replace").decode("latin-1"))


def _code(text: str) -> str:
    """A text as a literal, or what follows a NUL as code."""
    return text[1:] if text.startswith("\0") else quoted(text)


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


def _title(finding: Finding) -> str:
    return _plain(f"{finding.operation}: {finding.kind} at {finding.where}.")


def _message(finding: Finding) -> str:
    values = "; ".join(
        f"{name}: {value}"
        for name, value in zip(finding.stacks, finding.values, strict=True)
    )
    said = " ".join(finding.rules) or "No rule decides; the reference is followed"
    return f"{finding.operation}: {finding.kind} at {finding.where} ({values}). {said}."


def _opening(findings: Sequence[Finding]) -> str:
    """The docstring of the module: what it shows and how it is run."""
    name = file_name(findings[0]) if len(findings) == 1 else "test_differences.py"
    lines = ['"""Where stacks differ, and what is right.', ""]
    lines += [f"- {_title(finding)}" for finding in findings]
    lines += ["", "The server must run:", ""]
    lines += [f"    BASE_URL=http://127.0.0.1:3000 pytest {name}", '"""']
    return "\n".join(lines)
