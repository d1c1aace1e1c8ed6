"""JUnit's XML: a suite for each stack, how it keeps the contract, and one to compare.

What fails the run is a failure, what broke an error; what is listed, let pass or not
asked is skipped. The order of the elements is that of the schema which Jenkins uses.
"""

# It is written here, never read: what hostile XML can do to a parser is no matter.
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Breakdown, Finding
from comparison.printable import harmless, printable
from comparison.report import excerpt
from comparison.report.json import summary
from comparison.report.standing import excuse, operations, outcome, sentence
from comparison.report.text import last
from comparison.run import Run


@dataclass(frozen=True)
class _Fault:
    """A failure or an error."""

    kind: str
    message: str
    text: str


@dataclass
class _Case:
    """A test case; `excused` is what would fail it but for a reason."""

    name: str
    failures: list[_Fault] = field(default_factory=list)
    errors: list[_Fault] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """passed, skipped, failures or errors: what it counts as, once."""
        if self.errors or self.failures:
            return "errors" if self.errors else "failures"
        return "skipped" if self.excused else "passed"


def render(run: Run, baseline: Baseline | None = None) -> str:
    """The whole report as XML that ends with a newline."""
    suites = {
        f"conformance of {stack['name']}": _conformance(stack["name"], run, baseline)
        for stack in run.header["stacks"]
    }
    suites["comparison"] = _comparison(run, baseline)
    cases = [case for suite in suites.values() for case in suite]
    root = ET.Element("testsuites", {"name": "compare.py", **_counts(cases, "skipped")})
    for name, suite in suites.items():
        root.append(_suite(name, suite))
    _describe(root[-1], run, baseline)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _conformance(stack: str, run: Run, baseline: Baseline | None) -> list[_Case]:
    cases = {name: _Case(name) for name in operations(run)}
    for one in run.violations:
        if one.stack == stack:
            _judge(cases[one.operation], one, run, baseline)
    broken = [_breakdown(one, run) for one in run.breakdowns if one.stack == stack]
    extra = [_Case("stays up", errors=broken)] if broken else []
    return [*_asked(cases, run), *extra]


def _comparison(run: Run, baseline: Baseline | None) -> list[_Case]:
    cases = {name: _Case(name) for name in operations(run)}
    for one in run.findings:
        _judge(cases[one.operation], one, run, baseline)
    extra = []
    if run.stale:
        faults = [_stale(entry) for entry in run.stale]
        extra.append(_Case("known_differences.toml", failures=faults))
    if outcome(run, baseline) == "nothing":
        said = f"{run.worldless}\n" + "\n".join(dict.fromkeys(run.incomplete.values()))
        fault = _Fault("nothing", sentence(run, baseline), said)
        extra.append(_Case("the run", errors=[fault]))
    return [*_asked(cases, run), *extra]


def _asked(cases: dict[str, _Case], run: Run) -> list[_Case]:
    counts = operations(run)
    for name, case in cases.items():
        if case.state == "passed" and not counts[name]:
            case.excused.append("not checked")
    return list(cases.values())


def _judge(case: _Case, result: Result, run: Run, baseline: Baseline | None) -> None:
    title = f"{excerpt.title(result)} ({result.severity})"
    if why := excuse(result, run, baseline):
        case.excused.append(f"{title}: {excerpt.line(why)}")
        return
    fault = _Fault(result.kind, title, _told(result, run))
    broken = isinstance(result, Finding) and result.kind == "broken"
    (case.errors if broken else case.failures).append(fault)


def _told(result: Result, run: Run) -> str:
    lines = list(excerpt.account(result))
    lines += [f"{path}:{number}" for _, path, number in excerpt.places(result, run)]
    if isinstance(result, Finding):
        for name, said in result.replies.items():
            lines += ["", f"-- {name}", excerpt.reply(said)]
        lines += ["", *map(excerpt.line, result.reproduce.values())]
    return "\n".join([*lines, excerpt.again(result, run)])


def _breakdown(one: Breakdown, run: Run) -> _Fault:
    lines = [f"at {one.request}", one.tail, one.advice, excerpt.again(one, run)]
    return _Fault("broken", one.what, "\n".join(lines))


def _stale(entry: dict[str, str]) -> _Fault:
    title = f"{entry['operation']}: {entry['kind']} at {entry['where']}"
    return _Fault("stale", title, entry["why"])


def _suite(name: str, cases: list[_Case]) -> ET.Element:
    suite = ET.Element("testsuite", {"name": _attribute(name), **_counts(cases)})
    for case in cases:
        names = {"name": _attribute(case.name), "classname": _attribute(name)}
        element = ET.SubElement(suite, "testcase", names)
        notes = "\n".join(case.excused)
        if case.state == "skipped":
            ET.SubElement(element, "skipped").text = _text(notes)
        for tag, faults in (("error", case.errors), ("failure", case.failures)):
            for one in faults:
                given = {"type": one.kind, "message": one.message}
                given = {key: _attribute(value) for key, value in given.items()}
                ET.SubElement(element, tag, given).text = _text(one.text)
        if notes and case.state != "skipped":
            ET.SubElement(element, "system-out").text = _text(notes)
    return suite


def _counts(cases: list[_Case], without: str = "") -> dict[str, str]:
    states = [case.state for case in cases]
    names = ("failures", "errors", "skipped")
    counts = {name: str(states.count(name)) for name in names if name != without}
    return {"tests": str(len(cases)), **counts}


def _describe(suite: ET.Element, run: Run, baseline: Baseline | None) -> None:
    """All the counts, first; how it ended, last."""
    properties = ET.Element("properties")
    for name, count in summary(run).items():
        ET.SubElement(properties, "property", name=name, value=str(count))
    suite.insert(0, properties)
    said = f"{sentence(run, baseline)}\n{last(run, baseline=baseline)}"
    ET.SubElement(suite, "system-out").text = _text(said)


def _text(text: str) -> str:
    # Printable, it has no character that XML has none for.
    return harmless(printable(text, keep="\n"))


def _attribute(text: str) -> str:
    return harmless(printable(text, keep=""))
