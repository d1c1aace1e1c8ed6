"""What the page tells beside the run: the atlas of defaults, and the concepts."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from comparison.defaults.atlas_file import read_atlas
from comparison.defaults.pack import Pack, PackError, Topic, load_pack
from comparison.defaults.recorded import load_recorded
from comparison.defaults.results import Outcomes, Probed
from comparison.report.page.backticks import Prose, prose
from comparison.run import Run, RunError
from comparison.stacks import ROOT

HEADING = "## The chef and the waiter"


@dataclass(frozen=True)
class Habit:
    """A topic of the pack with the outcome of its probes."""

    topic: Topic
    probes: Sequence[Probed]

    @property
    def differing(self) -> int:
        """How many probes the two answer differently."""
        return sum(one.differs for one in self.probes)


@dataclass(frozen=True)
class Appendix:
    """`origin` says where the outcomes of the atlas are from."""

    habits: Sequence[Habit] = ()
    origin: str = ""
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    concepts: Sequence[Sequence[Prose]] = ()

    @property
    def layers(self) -> list[tuple[str, list[Habit]]]:
        """The habits by their layers, in the order of the pack."""
        alike = groupby(self.habits, key=lambda habit: habit.topic.layer)
        return [(layer, list(habits)) for layer, habits in alike]

    @property
    def probes(self) -> list[Probed]:
        """Those of all habits."""
        return [probe for habit in self.habits for probe in habit.probes]


def appendix(run: Run) -> Appendix:
    """What stands beside the run file, else what was last recorded."""
    concepts = concept_table()
    try:
        pack = load_pack()
        probes, origin, versions = _outcomes(run, pack)
    except PackError:
        return Appendix(concepts=concepts)
    topics = {topic.id: topic for topic in pack.topics}
    habits = [
        Habit(topics[name], list(alike))
        for name, alike in groupby(probes, key=lambda one: one.topic)
        if name in topics
    ]
    return Appendix(habits, origin, versions, concepts)


def _outcomes(
    run: Run, pack: Pack
) -> tuple[Sequence[Probed], str, dict[str, dict[str, str]]]:
    """What was measured; of probes that were not asked, what was last recorded."""
    recorded = load_recorded()
    versions = {side: dict(found) for side, found in recorded.versions.items()}
    origin, measured = "those that the pack last recorded", {}
    with suppress(RunError):
        atlas = read_atlas(run.path.parent / "defaults.jsonl")
        measured = {one.id: one for one in atlas.probes}
        started = atlas.header.get("started", "")
        said = f"of the measurement beside the run file, {started}"
        if len(measured) < len(recorded.outcomes):
            origin = f"{origin}, but for {len(measured)} {said}"
        else:
            origin, versions = f"those {said}", atlas.versions
    probes = [
        measured.get(name) or _probed(topic, name, recorded.outcomes[name])
        for name, topic, _ in pack
        if name in measured or name in recorded.outcomes
    ]
    return probes, origin, versions


def _probed(topic: Topic, name: str, outcomes: Outcomes) -> Probed:
    return Probed(name, topic.layer, topic.id, topic.title, topic.severity, outcomes)


def concept_table() -> list[list[Prose]]:
    """The table of the README, its head first; empty without a README."""
    try:
        text = (ROOT / "README.md").read_text("utf-8")
    except OSError:
        return []
    _, _, below = text.partition(HEADING)
    lines = re.findall(r"^\|(.+)\|$", below.partition("\n## ")[0], re.MULTILINE)
    rows = [[prose(cell.strip()) for cell in line.split("|")] for line in lines]
    return [row for row in rows if row[0] != [("---", False)]]
