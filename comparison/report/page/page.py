"""The page: templates filled with a run, and with what is told beside it."""

from typing import Any

from comparison.findings.baseline import Baseline
from comparison.printable import harmless
from comparison.report import excerpt
from comparison.report.json import summary
from comparison.report.page.appendix import Appendix, appendix
from comparison.report.page.drawing import environment
from comparison.report.page.drift import published
from comparison.report.page.fingerprint import fingerprint
from comparison.report.page.operations import MOST, sections
from comparison.report.page.slugs import Slugs
from comparison.report.page.sources import has_code, parts
from comparison.report.page.speed import chapter
from comparison.report.paint import GLYPHS
from comparison.report.speed_words import first_line
from comparison.report.standing import excuse, operations, results, sentence
from comparison.report.text import last
from comparison.run import Run

MOST_LISTED = 200
FINE = frozenset({"same", "known", "not-checked"})


def render(
    run: Run, baseline: Baseline | None = None, beside: Appendix | None = None
) -> str:
    """The whole page; `beside` is what is told with it, by default what there is."""
    told = appendix(run) if beside is None else beside
    template = environment().get_template("report.html")
    return harmless(template.render(**_told(run, baseline, told)))


def _told(run: Run, baseline: Baseline | None, beside: Appendix) -> dict[str, Any]:
    every, listed = sections(run, baseline), _known(run, baseline)
    return {
        "run": run,
        "slug": Slugs(),
        "sentence": sentence(run, baseline),
        "counts": " ".join(last(run, baseline=baseline).split())[2:],
        "summary": summary(run),
        "baseline": baseline,
        "sections": every,
        "to_mend": [one for one in every if one.verdict not in FINE],
        "sections_left": max(0, len(operations(run)) - MOST),
        "verdicts": {one.verdict: GLYPHS[one.verdict][:2] for one in every},
        "drawn_again": excerpt.drawn_again(run),
        "everything": f"{excerpt.drawn_again(run)} -v",
        "has_code": has_code(run),
        "code_notes": run.header.get("code", {}).get("notes", []),
        "contract_rules": run.header.get("contract_rules", {}),
        "parts": parts(run),
        "has_drift": "drift" in run.header,
        "published": published(run),
        "speed": None if run.speed is None else chapter(run.speed),
        "speed_line": "" if run.speed is None else first_line(run.speed),
        "known": listed[:MOST_LISTED],
        "known_left": max(0, len(listed) - MOST_LISTED),
        "again": lambda one: excerpt.again(one, run),
        "cut": excerpt.cut,
        "beside": beside,
        "glyphs": GLYPHS,
        "fingerprint": fingerprint(run, beside),
    }


def _known(run: Run, baseline: Baseline | None) -> list[tuple[str, str]]:
    """What is let pass, each with its reason."""
    return [
        (excerpt.title(one), excerpt.line(excuse(one, run, baseline)))
        for one in results(run)
        if one.known is not None
    ]
