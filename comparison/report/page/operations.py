"""The operations as rows of a table and as sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.findings.baseline import Baseline
from comparison.report import excerpt
from comparison.report.page.results import Folded, by_operation
from comparison.report.page.sources import Excerpt, excerpts, handlers
from comparison.report.paint import GLYPHS
from comparison.report.standing import OTHERS, operations, verdict
from comparison.run import Run

MOST = 500


@dataclass(frozen=True)
class Section:
    """One operation; `request` is its method and path, where the run file has them.

    `name` is `operation` as it is shown, `word` what is shown of the verdict, `verdict`
    its name; `alone` stands for all other requests, which have a row and no section.
    """

    name: str
    operation: str
    verdict: str
    glyph: str
    word: str
    exchanges: int
    request: str
    handlers: Sequence[Excerpt]
    lacking: str
    results: Folded
    alone: bool


def sections(run: Run, baseline: Baseline | None) -> list[Section]:
    """All that was asked, the operations of the contract first."""
    found, code = by_operation(run, baseline), handlers(run)
    every = []
    for name, exchanges in [*operations(run).items()][:MOST]:
        here = verdict(run, name)
        glyph, word, _ = GLYPHS[here]
        entry = code.get(name)
        every.append(
            Section(
                name=excerpt.line(name),
                operation=name,
                verdict=here,
                glyph=glyph,
                word=word,
                exchanges=exchanges,
                request=entry["request"] if entry else "",
                handlers=excerpts(entry) if entry else [],
                lacking=(entry["lacking"] or "") if entry else "",
                results=found.get(name, Folded()),
                alone=name == OTHERS,
            )
        )
    return every
