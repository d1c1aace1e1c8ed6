"""Markdown for the summary of a step: the outcome, a table, what differs, folded.

All that others said stands in code, where Markdown reads nothing and links nothing: in
spans and fenced blocks whose fence is longer than any run of backticks within.
"""

import html
import re
from collections.abc import Iterator
from itertools import islice

from comparison.findings.baseline import Baseline, Result
from comparison.findings.results import Breakdown, Finding
from comparison.printable import harmless, printable
from comparison.report import excerpt
from comparison.report.json import summary
from comparison.report.layout import many
from comparison.report.paint import GLYPHS
from comparison.report.speed_reading import Reading, measure
from comparison.report.speed_words import compared, throughput
from comparison.report.standing import (
    excuse,
    operations,
    results,
    sentence,
    told,
    verdict,
)
from comparison.report.text import last
from comparison.run import Run

# GitHub takes 1 MiB for a step; what is at the end must fit as well.
MOST_BYTES = 1_000_000
ENOUGH = 1_000
MOST_ROWS = 500
MOST_OF_A_NAME = 100


def render(
    run: Run, baseline: Baseline | None = None, most_bytes: int = MOST_BYTES
) -> str:
    """The whole report, cut below `most_bytes` with a pointer to the rest."""
    blocks = [*_head(run, baseline), *(_breakdown(one, run) for one in run.breakdowns)]
    blocks += [*_stale(run), *(_result(one, run) for one in told(run, baseline))]
    blocks += [*_excused(run, baseline), *_speed(run)]
    kept, size = [], 0
    for block in map(harmless, blocks):
        size += len(block.encode()) + 1
        if size > most_bytes - ENOUGH:
            break
        kept.append(block)
    if left := len(blocks) - len(kept):
        kept.append(
            f"\n**Cut here: {many(left, 'more part')}.** What shows all of it:\n\n"
            + fenced(f"{excerpt.drawn_again(run)} -v")
        )
    return "\n".join(kept)


def code(text: str) -> str:
    """A text as a code span."""
    text = printable(text, keep="")
    fence = "`" * (_longest(text) + 1)
    # One space on both sides is taken away again.
    bare = text.strip("` ") == text and text
    return f"{fence}{text}{fence}" if bare else f"{fence} {text} {fence}"


def cell(text: str) -> str:
    """A code span within a table, which a bar would end."""
    return code(text.replace("|", "\\x7c"))


def fenced(text: str) -> str:
    """A text as a fenced block."""
    text = printable(text)
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}text\n{text}\n{fence}\n"


def folded(title: str, content: str) -> str:
    """Content that is shown when somebody asks for it."""
    shown = html.escape(printable(title, keep=""))
    return (
        f"<details><summary><code>{shown}</code></summary>\n\n{content}\n</details>\n"
    )


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _head(run: Run, baseline: Baseline | None) -> Iterator[str]:
    names = ", ".join(code(stack["name"]) for stack in run.header["stacks"])
    title = excerpt.line(run.header["contract"]["title"])
    yield f"### {sentence(run, baseline, code)}\n"
    yield f"{names} by the contract {code(title)}\n"
    yield " ".join(last(run, baseline=baseline).split()) + "\n"
    if baseline is not None:
        yield from _since(baseline)
    counts = [(name, count) for name, count in summary(run).items() if count]
    yield _table(["count", "of"], [[f"{count}", name] for name, count in counts])
    rows = []
    every = operations(run)
    for name, asked in islice(every.items(), MOST_ROWS):
        glyph, word, _ = GLYPHS[verdict(run, name)]
        shown = cell(excerpt.cut(excerpt.line(name), MOST_OF_A_NAME))
        rows.append([shown, f"{glyph} {word}", f"{asked:,}"])
    yield _table(["operation", "verdict", "exchanges"], rows)
    if len(every) > MOST_ROWS:
        yield f"… and {len(every) - MOST_ROWS:,} more operations\n"


def _since(baseline: Baseline) -> Iterator[str]:
    """What became of the differences of an earlier run."""
    counts = f"{len(baseline.gone)} gone, {len(baseline.unchanged)} unchanged"
    yield (
        f"Since the baseline: {len(baseline.new)} new, {counts},"
        f" {len(baseline.unasked)} not asked again\n"
    )
    for warning in baseline.warnings:
        yield f"- ! {code(excerpt.line(warning))}\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _breakdown(one: Breakdown, run: Run) -> str:
    said = [one.what, f"at {one.request}", one.advice]
    lines = [*map(excerpt.line, said), excerpt.again(one, run)]
    text = "\n".join([*lines, "", "The end of its log:", excerpt.cut(one.tail, 4000)])
    return folded(f"! {one.stack} broken: {excerpt.line(one.what)}", fenced(text))


def _stale(run: Run) -> Iterator[str]:
    for entry in run.stale:
        title = f"≠ known difference {entry['operation']}: {entry['kind']}"
        text = f"at {entry['where']}\n{entry['why']} (known_differences.toml)"
        yield folded(excerpt.line(title), fenced(text))


def _result(result: Result, run: Run) -> str:
    glyph = "?" if isinstance(result, Finding) and excerpt.sure(result) else "≠"
    lines = list(excerpt.account(result))
    lines += [f"{path}:{number}" for _, path, number in excerpt.places(result, run)]
    content = [fenced("\n".join([*lines, excerpt.again(result, run)]))]
    if isinstance(result, Finding):
        for name, said in result.replies.items():
            content += [code(name) + "\n", fenced(excerpt.reply(said))]
        asked = [excerpt.line(text) for text in result.reproduce.values()]
        content += [fenced("\n".join(asked))] if asked else []
    times = many(result.count, "time")
    title = f"{glyph} {excerpt.title(result)} ({result.severity}, {times})"
    return folded(title, "\n".join(content))


def _excused(run: Run, baseline: Baseline | None) -> Iterator[str]:
    """What is known, a line each: its reason is what matters."""
    for one in results(run):
        if one.known is not None:
            why = excerpt.line(excuse(one, run, baseline))
            yield f"- ≈ {code(excerpt.title(one))} {code(why)}"


def _speed(run: Run) -> Iterator[str]:
    """Requests per second by workload and stack, and who is to whom."""
    if run.speed is None:
        return
    reading = Reading(run.speed)
    rows = []
    for workload in run.speed["workloads"]:
        told = [reading.ratio(workload, *pair) for pair in reading.pairs]
        said = "; ".join(compared(one, excerpt.line) for one in told if one)
        figures = [throughput(measure(workload, name)) for name in reading.stacks]
        cells = [excerpt.line(workload["title"]), *figures, said]
        rows.append([cell(excerpt.cut(one, MOST_OF_A_NAME * 2)) for one in cells])
    names = [cell(excerpt.cut(one, MOST_OF_A_NAME)) for one in reading.stacks]
    if rows:
        yield "\nSpeed in requests per second\n"
        yield _table(["workload", *names, "compared"], rows)
