"""The report for a terminal: 80 columns, no box drawing, glyph and word."""

from collections.abc import Iterator, Sequence

from comparison.findings.baseline import Baseline, failed
from comparison.findings.results import Breakdown, Finding
from comparison.printable import painted, printable
from comparison.report import speed
from comparison.report.accepted import accepted, since
from comparison.report.finding import finding_lines
from comparison.report.layout import WIDTH, case_line, headed, listed, many, wrapped
from comparison.report.paint import GLYPHS, Paint, plain
from comparison.report.violation import untold, violation_blocks
from comparison.run import Run

MOST_HERE = 40
MOST_ALIKE = 3
# A name that is longer leaves no room for what is said of it.
WIDEST = 44


def render(
    run: Run,
    paint: Paint = plain,
    verbose: bool = False,
    baseline: Baseline | None = None,
) -> str:
    """The whole report as text that ends with a newline.

    `verbose` adds to each finding its steps, both replies and the curl lines. With a
    `baseline` only what is new since then is told in full.
    """
    new = None if baseline is None else {id(one) for one in baseline.new}
    findings = [f for f in run.open if new is None or id(f) in new]
    violations = [v for v in run.breaking if new is None or id(v) in new]
    parts = [
        _head(run),
        _table(run, paint),
        _findings(findings, run.command, paint, verbose),
        violation_blocks(untold(violations, findings), run.command, paint),
        _breakdowns(run, paint),
        accepted(run, paint),
        since(baseline, paint),
        _unstable(run, paint),
        _incomplete(run, paint),
        "" if run.speed is None else speed.brief(run.speed, paint),
        last(run, paint, baseline),
    ]
    return painted("\n\n".join(part for part in parts if part) + "\n")


def _head(run: Run) -> str:
    header = run.header
    contract = header["contract"]
    title = (
        f"{contract['title']} · {many(len(header['operations']), 'operation')}"
        f" · {contract['path']} · seed {header['seed']}"
    )
    lines = [*wrapped(title, "")]
    width = max(len(stack["name"]) for stack in header["stacks"])
    for stack in header["stacks"]:
        rest = " ".join(filter(None, (stack["title"], stack["url"])))
        name = printable(f"  {stack['name']:<{width}}  ", keep="")
        lines += wrapped(rest, name)
    return "\n".join(lines)


def _table(run: Run, paint: Paint) -> str:
    exchanges = run.exchanges
    rows = [
        (name, run.verdict(name), exchanges.get(name, 0))
        for name in run.header["operations"]
    ]
    others = [place for place in exchanges if place not in run.header["operations"]]
    if others:
        order = ["same", "known", "unstable", "breaks", "differs", "broken"]
        worst = max((run.verdict(place) for place in others), key=order.index)
        count = sum(exchanges[place] for place in others)
        rows.append(("other requests", worst, count))
    width = max((len(name) for name, *_ in rows if len(name) <= WIDEST), default=0)
    return "\n".join(line for row in rows for line in _row(*row, width, paint))


def _row(
    name: str, verdict: str, count: int, width: int, paint: Paint
) -> Iterator[str]:
    """An operation; below its name, where that leaves no room beside it."""
    glyph, word, style = GLYPHS[verdict]
    shown = printable(f"  {name:<{width}}", keep="")
    if len(name) > width:
        yield from wrapped(name, "  ")
        shown = f"  {'':<{width}}"
    told = paint(f"{glyph} {word:<11}", style)
    yield f"{shown}  {told}  {many(count, 'exchange'):>15}"


def _findings(
    findings: Sequence[Finding], command: str, paint: Paint, verbose: bool
) -> str:
    if not findings:
        return ""
    blocks = [paint(f"{many(len(findings), 'difference')}", "bold")]
    themes: dict[str, list[Finding]] = {}
    for finding in findings:
        themes.setdefault(finding.theme, []).append(finding)
    shown = left = 0
    for theme, alike in themes.items():
        if len(alike) > 1:
            places = ", ".join(dict.fromkeys(finding.operation for finding in alike))
            text = f"The same on {len(alike)} operations ({theme}): {places}"
            blocks.append("\n".join(wrapped(text, "  ")))
        told = alike if verbose else alike[: min(MOST_ALIKE, MOST_HERE - shown)]
        shown += len(told)
        left += len(alike) - len(told)
        for finding in told:
            blocks.append("\n".join(finding_lines(finding, command, paint, verbose)))
    if left:
        blocks.append(f"  … and {left} more: -v or --format json shows all.")
    return "\n\n".join(blocks)


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
    yield headed(f"! {one.stack} broken: {one.what}", "red", paint)
    yield from wrapped(f"at {one.request}", "    ", most=2)
    if one.tail:
        yield "    The end of its log:"
        lines = (printable(line, keep="") for line in one.tail.splitlines())
        yield from (f"      {line}"[:WIDTH] for line in lines)
    yield from wrapped(f"→ {one.advice}", "    ")
    yield case_line(command, one.plan)


def _unstable(run: Run, paint: Paint) -> str:
    lines = []
    for finding in run.unstable:
        title = f"? {finding.operation}: {finding.kind} at {finding.where}"
        word = "unstable" if finding.confirmed else "not confirmed"
        lines.append(headed(title, "red", paint, f" ({word})"))
        text = " against ".join(dict.fromkeys(finding.values))
        text += f" in {finding.plan['id']}, {_but(finding)}"
        lines += wrapped(text, "    ", most=3)
    return "\n".join(lines)


def _but(finding: Finding) -> str:
    if finding.noisy:
        verb = "differs" if len(finding.noisy) == 1 else "differ"
        return (
            f"but {' and '.join(finding.noisy)} {verb} there from one run to the next"
        )
    if finding.confirmed:
        return "but not when it was run again alone"
    return "which could not be asked again of fresh stacks"


def _incomplete(run: Run, paint: Paint) -> str:
    """Why plans did not come to their end, with the first of them."""
    reasons: dict[str, list[str]] = {}
    for plan, why in run.incomplete.items():
        reasons.setdefault(why, []).append(plan)
    lines = []
    for why, plans in list(reasons.items())[:MOST_HERE]:
        more = f" and {len(plans) - 1} more" if len(plans) > 1 else ""
        title = f"– {plans[0]}{more}: not to the end"  # noqa: RUF001
        lines += [headed(title, "dim", paint), *wrapped(why, "    ")]
    return "\n".join(lines)


def last(run: Run, paint: Paint = plain, baseline: Baseline | None = None) -> str:
    """The last line, which carries all the counts."""
    verdicts = [run.verdict(name) for name in run.header["operations"]]
    known = sum(f.known is not None and f.stable for f in run.findings)
    counts = [
        many(len(verdicts), "operation"),
        many(run.footer["exchanges"], "exchange"),
        f"{verdicts.count('same')} same",
        many(len(run.open), "difference"),
        f"{known} known",
        many(len(run.breaking), "violation"),
    ]
    extra = {
        "new": 0 if baseline is None else len(baseline.new),
        "gone": 0 if baseline is None else len(baseline.gone),
        "unstable": len(run.unstable),
        "stale": len(run.stale),
        "broken": len(run.breakdowns),
        "more than are kept": run.footer["unlisted"],
        "plans not asked": run.footer["unasked"],
        "left out": run.footer["forbidden"],
        "unfinished": run.unfinished,
    }
    counts += [f"{count:,} {word}" for word, count in extra.items() if count]
    counts.append(f"{run.footer['seconds']:g} s")
    glyph, style = _outcome(run, baseline)
    return "\n".join(paint(line, style) for line in listed(counts, f"{glyph} "))


def _outcome(run: Run, baseline: Baseline | None) -> tuple[str, str]:
    """Glyph and style of a run as a whole."""
    glyph, style = ("≠", "red") if failed(run, baseline) else ("=", "green")
    if run.breakdowns:
        return "!", style
    if not run.concluded:
        return "–", "yellow"  # noqa: RUF001 - a dash is meant
    # What was not asked to its end is no reason to be glad.
    return glyph, "yellow" if run.unfinished and style == "green" else style
