"""Plans that somebody asked before: a browser's HAR file, or a run file of ours."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison.contracts.contract import Contract
from comparison.plan_mask import is_damaged, left_out
from comparison.plans.plan import Plan
from comparison.recordings.har import read_har
from comparison.recordings.replay import plan_of
from comparison.run import plans_of

RUN_FILE = ".jsonl"
SECRET = "${secret."  # noqa: S105 - the name of a placeholder


@dataclass(frozen=True)
class Source:
    """Plans, and the `values` that they need beside the world: secrets of the client.

    `notes` say in sentences what was left out.
    """

    plans: Sequence[Plan]
    values: Mapping[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    notes: Sequence[str] = ()


def _asked_before(path: Path) -> Source:
    """The plans of a run file, but for those that lack something."""
    every = list(plans_of(path))
    whole = [plan for plan in every if SECRET not in json.dumps(plan.as_json())]
    kept = [plan for plan in whole if not is_damaged(plan.as_json())]
    notes = []
    if count := len(every) - len(whole):
        notes.append(f"{count} plans need secrets that only the recording itself has")
    if count := len(whole) - len(kept):
        notes.append(left_out(f"each of {count} plans in {path.name}", "asked again"))
    return Source(kept, notes=notes)


def load_source(path: Path, contract: Contract) -> Source:
    """Read a recording. Raises `RecordingError`, or `RunError` for a run file."""
    if path.suffix == RUN_FILE:
        return _asked_before(path)
    replay = plan_of(read_har(path), contract)
    secrets = frozenset(replay.secrets.values())
    return Source([replay.plan], {"secret": replay.secrets}, secrets, replay.notes)
