"""What the pack last recorded: the outcome of every probe, and of which versions.

An outcome that is another one now is news: a new release does something else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comparison.defaults.pack import PackError
from comparison.defaults.results import Atlas, Outcomes
from comparison.output import replace_file

FILE = Path(__file__).parent / "pack" / "recorded.json"


@dataclass(frozen=True)
class Recorded:
    """Outcomes by the id of the probe, and the versions that gave them."""

    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outcomes: Mapping[str, Outcomes] = field(default_factory=dict)


def load_recorded(path: Path = FILE) -> Recorded:
    """The last recording; an empty one if there is none. Raises `PackError`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Recorded(document["versions"], document["outcomes"])
    except FileNotFoundError:
        return Recorded()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PackError(
            f"{path} cannot be used: {error}. `compare.py --only defaults"
            " --update-defaults` writes it anew."
        ) from None


def record(atlas: Atlas, path: Path = FILE) -> None:
    """Write down the outcomes of a measurement; those it did not ask for stay."""
    outcomes = {**load_recorded(path).outcomes} if path.exists() else {}
    asked = set(atlas.header["probes"])
    outcomes = {key: value for key, value in outcomes.items() if key in asked}
    outcomes |= {one.id: one.bare for one in atlas.probes}
    lines = [
        f"    {json.dumps(key, ensure_ascii=False)}: "
        f"{json.dumps(outcomes[key], ensure_ascii=False)}"
        for key in atlas.header["probes"]
        if key in outcomes
    ]
    versions = json.dumps(atlas.versions, indent=2).replace("\n", "\n  ")
    text = f'{{\n  "versions": {versions},\n  "outcomes": {{\n'
    replace_file(path, text + ",\n".join(lines) + "\n  }\n}\n")
