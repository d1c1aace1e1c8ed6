"""The report for a terminal: 80 columns, no box drawing, glyph and word."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from comparison.report.paint import GLYPHS, Paint, plain
from comparison.run import Breakdown, Finding, Run, Violation

WIDTH = 80
MOST_HERE = 40


def render(run: Run, paint: Paint = plain, verbose: bool = False) -> str:
    """The whole report as text that ends with a newline.

    `verbose` adds to each finding its steps, both replies and the curl lines.
    """
    parts = [
        _head(run),
        _table(run, paint),
        _findings(run, paint, verbose),
        _violations(run, paint),
        _breakdowns(run, paint),
        _known(run, paint),
        _unstable(run, paint),
        last(run, paint),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(run: Run) -> str:
    header = run.header
    contract = header["contract"]
    lines = [
        f"{contract['title']} · {len(header['operations'])} operations"
        f" · {contract['path']} · seed {header['seed']}"
    ]
    width = max(len(stack["name"]) for stack in header["stacks"])
    for stack in header["stacks"]:
        rest = " ".join(filter(None, (stack["title"], stack["url"])))
        lines.append(f"  {stack['name']:<{width}}  {rest}")
    return "\n".join(lines)


def _table(run: Run, paint: Paint) -> str:
    exchanges = run.exchanges
    width = max(len(name) for name in run.header["operations"])
    lines = []
    for name in run.header["operations"]:
        verdict = _verdict(run.verdict(name), paint)
        count = exchanges.get(name, 0)
        lines.append(f"  {name:<{width}}  {verdict}  {_many(count, 'exchange'):>15}")
    others = [place for place in exchanges if place not in run.header["operations"]]
    if others:
        order = ["same", "known", "breaks", "differs", "broken"]
        worst = max((run.verdict(place) for place in others), key=order.index)
        count = sum(exchanges[place] for place in others)
        verdict = _verdict(worst, paint)
        lines.append(
            f"  {'other requests':<{width}}  {verdict}  {_many(count, 'exchange'):>15}"
        )
    return "\n".join(lines)


def _verdict(verdict: str, paint: Paint) -> str:
    glyph, word, style = GLYPHS[verdict]
    return paint(f"{glyph} {word:<11}", style)


def _findings(run: Run, paint: Paint, verbose: bool) -> str:
    if not run.open:
        return ""
    blocks = [paint(f"{_many(len(run.open), 'difference')}", "bold")]
    themes: dict[str, list[Finding]] = {}
    for finding in run.open:
        themes.setdefault(finding.theme, []).append(finding)
    shown = 0
    for theme, findings in themes.items():
        if len(findings) > 1:
            places = ", ".join(finding.operation for finding in findings)
            text = f"The same on {len(findings)} operations ({theme}): {places}"
            blocks.append("\n".join(_wrapped(text, "  ")))
        for finding in findings[: None if verbose else 3]:
            shown += 1
            if shown <= MOST_HERE or verbose:
                blocks.append("\n".join(_finding(finding, run.command, paint, verbose)))
    if shown < len(run.open):
        left = len(run.open) - min(shown, MOST_HERE)
        blocks.append(f"  … and {left} more: -v or --format json shows all.")
    return "\n\n".join(blocks)


def _finding(
    finding: Finding, command: str, paint: Paint, verbose: bool
) -> Iterator[str]:
    place = "" if finding.where == finding.kind else f" at {finding.where}"
    title = f"≠ {finding.operation}: {finding.kind}{place}"
    times = _many(finding.count, "time")
    yield paint(title, "red") + f" ({finding.severity}, {times})"
    yield from _wrapped(finding.request, "    ", most=2)
    yield from _sent(finding.plan["steps"][finding.step])
    width = max(len(name) for name in finding.stacks)
    for name, value in zip(finding.stacks, finding.values, strict=True):
        yield from _wrapped(value, f"    {name:<{width}}  ", most=3)
        yield from _error(finding, name, width)
    yield from _wrapped(finding.verdict, "    → ")
    for rule in finding.rules[:4]:
        yield from _wrapped(rule, "      ", most=3)
    for name, handler in finding.handlers.items():
        yield f"    {name:<{width}}  {handler}"
    if verbose:
        yield from _steps(finding)
        for line in finding.reproduce.values():
            yield f"    {line}"
    yield f"    {command} --case {finding.id}"


def _error(finding: Finding, name: str, width: int) -> Iterator[str]:
    """Beside a status, what the reply says; elsewhere the value says it."""
    reply = finding.replies[name]
    if finding.kind != "status" or not reply["body"]:
        return
    body = reply["body"]
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    yield from _wrapped(text, f"    {'':<{width}}  ", most=2)


def _sent(step: dict[str, Any]) -> Iterator[str]:
    """Who asks, and what goes with the request beside its target."""
    if "identity" in step and step["identity"] != "anonymous":
        yield f"      as {step['identity']}"
    for name, value in step.get("headers", {}).items():
        text = f"without {name}" if value is None else f"{name}: {value!r}"
        yield from _wrapped(text, "      ", most=2)
    if step.get("json"):
        yield from _wrapped(json.dumps(step["json"][0]), "      ", most=2)
    elif body := step.get("text", step.get("hex")):
        yield from _wrapped(body, "      ", most=2)


def _steps(finding: Finding) -> Iterator[str]:
    for step in finding.plan["steps"]:
        yield from _wrapped(step["request"], "    · ", most=3)
        yield from _sent(step)


def _violations(run: Run, paint: Paint) -> str:
    if not run.violations:
        return ""
    count = _many(len(run.violations), "contract violation")
    blocks = [paint(count, "bold")]
    for violation in run.violations[:MOST_HERE]:
        blocks.append("\n".join(_violation(violation, run.command, paint)))
    if len(run.violations) > MOST_HERE:
        left = len(run.violations) - MOST_HERE
        blocks.append(f"  … and {left} more: --format json shows all.")
    return "\n\n".join(blocks)


def _violation(violation: Violation, command: str, paint: Paint) -> Iterator[str]:
    place = f" at {violation.where}" if violation.where else ""
    title = f"≠ {violation.stack} · {violation.operation}: {violation.kind}{place}"
    yield paint(title, "red") + f" ({_many(violation.count, 'time')})"
    yield from _wrapped(violation.message, "    ", most=3)
    yield from _wrapped(f"→ breaks {violation.rule}", "    ")
    yield f"    {command} --case {violation.plan}"


def _breakdowns(run: Run, paint: Paint) -> str:
    blocks = []
    for one in run.breakdowns:
        blocks.append("\n".join(_breakdown(one, run.command, paint)))
    return "\n\n".join(blocks)


def _breakdown(one: Breakdown, command: str, paint: Paint) -> Iterator[str]:
    yield paint(f"! {one.stack} broken: {one.what}", "red")
    yield from _wrapped(f"at {one.request}", "    ", most=2)
    if one.tail:
        yield "    The end of its log:"
        yield from (f"      {line}"[:WIDTH] for line in one.tail.splitlines())
    yield from _wrapped(f"→ {one.advice}", "    ")
    yield f"    {command} --case {one.plan}"


def _known(run: Run, paint: Paint) -> str:
    lines = []
    for finding in run.findings:
        if finding.known is not None and finding.stable:
            title = f"≈ {finding.operation}: {finding.kind} at {finding.where}"
            lines += [paint(title, "yellow"), *_wrapped(finding.known, "    ")]
    for entry in run.stale:
        title = f"≠ known difference {entry['operation']}: {entry['kind']}"
        lines.append(paint(f"{title} at {entry['where']}", "red"))
        lines += _wrapped(f"→ {entry['why']} (known_differences.toml)", "    ")
    return "\n".join(lines)


def _unstable(run: Run, paint: Paint) -> str:
    lines = []
    for finding in run.findings:
        if not finding.stable:
            title = f"? {finding.operation}: {finding.kind} at {finding.where}"
            lines.append(paint(title, "yellow") + " unstable")
            text = (
                f"{finding.values[0]} against {finding.values[1]} in"
                f" {finding.plan['id']}, but not when it was run again alone"
            )
            lines += _wrapped(text, "    ", most=3)
    return "\n".join(lines)


def last(run: Run, paint: Paint = plain) -> str:
    """The last line, which carries all the counts."""
    verdicts = [run.verdict(name) for name in run.header["operations"]]
    known = sum(f.known is not None and f.stable for f in run.findings)
    unstable = sum(not f.stable for f in run.findings)
    counts = [
        _many(len(verdicts), "operation"),
        _many(run.footer["exchanges"], "exchange"),
        f"{verdicts.count('same')} same",
        _many(len(run.open), "difference"),
        f"{known} known",
        _many(len(run.violations), "violation"),
    ]
    extra = {
        "unstable": unstable,
        "stale": len(run.stale),
        "broken": len(run.breakdowns),
        "plans not asked": run.footer["unasked"],
    }
    counts += [f"{count} {word}" for word, count in extra.items() if count]
    counts.append(f"{run.footer['seconds']:g} s")
    glyph, style = ("≠", "red") if run.failed else ("=", "green")
    if run.breakdowns:
        glyph = "!"
    lines = _wrapped(", ".join(counts), f"{glyph} ")
    return "\n".join(paint(line, style) for line in lines)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def _wrapped(text: str, indent: str, most: int | None = None) -> Iterable[str]:
    """Lines of at most 80 columns; of more than `most` lines the end is left out."""
    printable = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
    lines = textwrap.wrap(
        printable,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        max_lines=most,
        placeholder=" …",
        break_on_hyphens=False,
    )
    return lines or [indent.rstrip()]
