"""The atlas as a file: a header, a line for each probe, a footer, as in a run file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from comparison.defaults.results import Atlas, Probed
from comparison.output import replace_file
from comparison.run import RunError, lines


def write_atlas(path: Path, atlas: Atlas) -> None:
    """Write the whole file, or nothing. Raises `RunError`."""
    text = "".join(json.dumps(line) + "\n" for line in _lines(atlas))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}.") from None


def _lines(atlas: Atlas) -> Sequence[dict[str, Any]]:
    header = {"type": "atlas", **atlas.header}
    probes = [{"type": "probed", **asdict(one)} for one in atlas.probes]
    return [header, *probes, {"type": "footer", "seconds": atlas.seconds}]


def is_atlas(path: Path) -> bool:
    """Whether a file begins as an atlas does. Raises `RunError` if it is none."""
    return next(lines(path), {}).get("type") == "atlas"


def read_atlas(path: Path) -> Atlas:
    """Read the file. Raises `RunError` for one that is not whole."""
    header, *probes = lines(path)
    if not probes or probes[-1].pop("type") != "footer":
        raise RunError(
            f"{path} is cut short: it has no footer, so nothing can be concluded"
            " from it. Run compare.py --only defaults again."
        )
    footer = probes.pop()
    header.pop("type")
    try:
        found = [
            Probed(**{k: v for k, v in one.items() if k != "type"}) for one in probes
        ]
        return Atlas(header, found, footer["seconds"])
    except (KeyError, TypeError):
        raise RunError(
            f"{path} is of another version or damaged; run compare.py --only defaults"
            " again."
        ) from None
