"""The operations as rows of a table and as sections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from comparison.code.notices import Notice, noticed
from comparison.findings.baseline import Baseline
from comparison.report import excerpt
from comparison.report.page.results import Folded, by_operation
from comparison.report.page.shared_names import Used, used
from comparison.report.page.sources import Excerpt, excerpts, handlers
from comparison.report.page.timed import Timed, timed
from comparison.report.paint import GLYPHS
from comparison.report.standing import OTHERS, operations, verdict
from comparison.run import Run

MOST = 500


@dataclass(frozen=True)
class Section:
    """One operation; `request` is its method and path, where the run file has them.

    `name` is `operation` as it is shown, `word` what is shown of the verdict, `verdict`
    its name; `alone` stands for all other requests, which have a row and no section. A
    notice is told once, with the first operation that it holds for. `says` are statuses
    and names of rules, each with what the contract says of it.
    """

    name: str
    operation: str
    verdict: str
    glyph: str
    word: str
    exchanges: int
    request: str
    summary: str
    says: Sequence[tuple[str, str]]
    handlers: Sequence[Excerpt]
    notices: Sequence[Notice]
    noticed_before: Sequence[str]
    uses: Sequence[Used]
    lacking: str
    timed: Sequence[Timed]
    results: Folded
    alone: bool


def sections(run: Run, baseline: Baseline | None) -> list[Section]:
    """All that was asked, the operations of the contract first."""
    found, code, uses = by_operation(run, baseline), handlers(run), used(run)
    told: set[str] = set()
    speeds = timed(run.speed)
    return [
        Section(
            name=excerpt.line(name),
            operation=name,
            exchanges=exchanges,
            results=found.get(name, Folded()),
            uses=uses.get(name, []),
            timed=speeds.get(name, []),
            alone=name == OTHERS,
            **_verdict(run, name),
            **_contract(run, name, code.get(name, {})),
            **_code(code.get(name), told),
        )
        for name, exchanges in islice(operations(run).items(), MOST)
    ]


def _verdict(run: Run, name: str) -> dict[str, Any]:
    here = verdict(run, name)
    glyph, word, _ = GLYPHS[here]
    return {"verdict": here, "glyph": glyph, "word": word}


def _contract(run: Run, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    # In a run file of an earlier version the request stands with the code alone.
    said = {"request": entry.get("request", "")}
    said |= run.header.get("contract_operations", {}).get(name, {})
    rules = run.header.get("contract_rules", {})
    short = {name: excerpt.line(said.get(name, "")) for name in ("request", "summary")}
    return {**short, "says": list(_says(said, rules))}


def _code(entry: Mapping[str, Any] | None, told: set[str]) -> dict[str, Any]:
    """The handlers, and what to notice in them; `told` learns the titles of that."""
    fitting = _noticed(entry) if entry else []
    titles = [one.title for one in fitting]
    fresh = [one for one in fitting if one.title not in told]
    before = [title for title in titles if title in told]
    told.update(titles)
    return {
        "handlers": excerpts(entry) if entry else [],
        "lacking": (entry["lacking"] or "") if entry else "",
        "notices": fresh,
        "noticed_before": before,
    }


def _says(
    said: Mapping[str, Any], rules: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What the contract says of an operation: its replies, then the rules."""
    for status, description in said.get("replies", {}).items():
        yield excerpt.line(status), excerpt.line(description)
    for name in said.get("rules", ()):
        if name in rules:
            yield excerpt.line(name), rules[name]


def _noticed(entry: Mapping[str, Any]) -> list[Notice]:
    sources = entry["sources"].values()
    return noticed({source["language"]: source["text"] for source in sources})
