"""The report for a terminal: 80 columns, no box drawing, glyph and word."""

from collections.abc import Iterator

from comparison.report.finding import finding_lines
from comparison.report.layout import WIDTH, many, wrapped
from comparison.report.paint import GLYPHS, Paint, plain
from comparison.results import Breakdown, Finding, Violation
from comparison.run import Run

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
        _incomplete(run, paint),
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
        lines.append(f"  {name:<{width}}  {verdict}  {many(count, 'exchange'):>15}")
    others = [place for place in exchanges if place not in run.header["operations"]]
    if others:
        order = ["same", "known", "unstable", "breaks", "differs", "broken"]
        worst = max((run.verdict(place) for place in others), key=order.index)
        count = sum(exchanges[place] for place in others)
        verdict = _verdict(worst, paint)
        lines.append(
            f"  {'other requests':<{width}}  {verdict}  {many(count, 'exchange'):>15}"
        )
    return "\n".join(lines)


def _verdict(verdict: str, paint: Paint) -> str:
    glyph, word, style = GLYPHS[verdict]
    return paint(f"{glyph} {word:<11}", style)


def _findings(run: Run, paint: Paint, verbose: bool) -> str:
    if not run.open:
        return ""
    blocks = [paint(f"{many(len(run.open), 'difference')}", "bold")]
    themes: dict[str, list[Finding]] = {}
    for finding in run.open:
        themes.setdefault(finding.theme, []).append(finding)
    shown = 0
    for theme, findings in themes.items():
        if len(findings) > 1:
            places = ", ".join(finding.operation for finding in findings)
            text = f"The same on {len(findings)} operations ({theme}): {places}"
            blocks.append("\n".join(wrapped(text, "  ")))
        for finding in findings[: None if verbose else 3]:
            shown += 1
            if shown <= MOST_HERE or verbose:
                blocks.append(
                    "\n".join(finding_lines(finding, run.command, paint, verbose))
                )
    if shown < len(run.open):
        left = len(run.open) - min(shown, MOST_HERE)
        blocks.append(f"  … and {left} more: -v or --format json shows all.")
    return "\n\n".join(blocks)


def _violations(run: Run, paint: Paint) -> str:
    if not run.violations:
        return ""
    count = many(len(run.violations), "contract violation")
    blocks = [paint(count, "bold")]
    # What all stacks do wrong in one way is one block.
    shared: dict[tuple[str, ...], list[Violation]] = {}
    for one in run.violations:
        key = (one.operation, one.kind, one.where, one.rule)
        shared.setdefault(key, []).append(one)
    for violations in list(shared.values())[:MOST_HERE]:
        blocks.append("\n".join(_violation(violations, run.command, paint)))
    if len(shared) > MOST_HERE:
        left = len(shared) - MOST_HERE
        blocks.append(f"  … and {left} more: --format json shows all.")
    return "\n\n".join(blocks)


def _violation(
    violations: list[Violation], command: str, paint: Paint
) -> Iterator[str]:
    first = violations[0]
    place = f" at {first.where}" if first.where else ""
    names = ", ".join(one.stack for one in violations)
    title = f"≠ {names} · {first.operation}: {first.kind}{place}"
    yield paint(title, "red") + f" ({many(first.count, 'time')})"
    yield from wrapped(first.request, "    ", most=2)
    yield from wrapped(first.message, "    ", most=3)
    yield from wrapped(f"→ breaks {first.rule}", "    ")
    yield f"    {command} --case {first.plan}"


def _breakdowns(run: Run, paint: Paint) -> str:
    if not run.breakdowns:
        return ""
    blocks = []
    for one in run.breakdowns:
        blocks.append("\n".join(_breakdown(one, run.command, paint)))
    if unasked := run.footer["unasked"]:
        text = (
            f"{many(unasked, 'plan')} were not asked after that, so that what is called"
            " same was checked in part only. Repair it, then run again."
        )
        blocks.append("\n".join(wrapped(text, "  ")))
    return "\n\n".join(blocks)


def _breakdown(one: Breakdown, command: str, paint: Paint) -> Iterator[str]:
    yield paint(f"! {one.stack} broken: {one.what}", "red")
    yield from wrapped(f"at {one.request}", "    ", most=2)
    if one.tail:
        yield "    The end of its log:"
        yield from (f"      {line}"[:WIDTH] for line in one.tail.splitlines())
    yield from wrapped(f"→ {one.advice}", "    ")
    yield f"    {command} --case {one.plan}"


def _known(run: Run, paint: Paint) -> str:
    lines = []
    for finding in run.findings:
        if finding.known is not None and finding.stable:
            title = f"≈ {finding.operation}: {finding.kind} at {finding.where}"
            lines += [paint(title, "yellow"), *wrapped(finding.known, "    ")]
    for entry in run.stale:
        title = f"≠ known difference {entry['operation']}: {entry['kind']}"
        lines.append(paint(f"{title} at {entry['where']}", "red"))
        lines += wrapped(f"→ {entry['why']} (known_differences.toml)", "    ")
    return "\n".join(lines)


def _unstable(run: Run, paint: Paint) -> str:
    lines = []
    for finding in run.unstable:
        title = f"? {finding.operation}: {finding.kind} at {finding.where}"
        word = "unstable" if finding.confirmed else "not confirmed"
        lines.append(paint(title, "red") + f" {word}")
        but = (
            "but not when it was run again alone"
            if finding.confirmed
            else "which could not be asked again of fresh stacks"
        )
        text = " against ".join(finding.values) + f" in {finding.plan['id']}, {but}"
        lines += wrapped(text, "    ", most=3)
    return "\n".join(lines)


def _incomplete(run: Run, paint: Paint) -> str:
    lines = []
    for plan, why in list(run.incomplete.items())[:MOST_HERE]:
        lines += [paint(f"– {plan}: not to its end", "dim"), *wrapped(why, "    ")]  # noqa: RUF001
    return "\n".join(lines)


def last(run: Run, paint: Paint = plain) -> str:
    """The last line, which carries all the counts."""
    verdicts = [run.verdict(name) for name in run.header["operations"]]
    known = sum(f.known is not None and f.stable for f in run.findings)
    counts = [
        many(len(verdicts), "operation"),
        many(run.footer["exchanges"], "exchange"),
        f"{verdicts.count('same')} same",
        many(len(run.open), "difference"),
        f"{known} known",
        many(len(run.violations), "violation"),
    ]
    extra = {
        "unstable": len(run.unstable),
        "stale": len(run.stale),
        "broken": len(run.breakdowns),
        "plans not asked": run.footer["unasked"],
        "unfinished": len(run.incomplete),
    }
    counts += [f"{count} {word}" for word, count in extra.items() if count]
    counts.append(f"{run.footer['seconds']:g} s")
    glyph, style = ("≠", "red") if run.failed else ("=", "green")
    if run.breakdowns:
        glyph = "!"
    elif not run.concluded:
        glyph, style = "–", "yellow"  # noqa: RUF001
    lines = wrapped(", ".join(counts), f"{glyph} ")
    return "\n".join(paint(line, style) for line in lines)
