"""All the code there is to show of some stacks and a contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comparison.code.pairing import Pair, Part, lacking, pairs, parts
from comparison.code.piece import CodeError
from comparison.code.side import Side
from comparison.contracts.contract import Operation
from comparison.paths import shown


@dataclass(frozen=True)
class Listing:
    """Pairs in the order of the contract, and the parts.

    `requests` has method and path of each operation, `lacking` what to say of those
    without a handler on some side, `notes` which sources there are not.
    """

    sides: Sequence[str]
    requests: Mapping[str, str]
    pairs: Sequence[Pair]
    parts: Sequence[Part]
    lacking: Mapping[str, str]
    notes: Sequence[str]


def listing(operations: Sequence[Operation], sides: Sequence[Side]) -> Listing:
    """Pair the code of these sides. Raises `CodeError` if none has sources."""
    names = [one.id for one in operations]
    notes = [note for side in sides if (note := _without(side))]
    with_sources = [side for side in sides if side.files]
    if not with_sources:
        raise CodeError("There is no code to be shown.\n" + "\n".join(notes))
    found = pairs(names, with_sources)
    missing = {
        pair.name: "; ".join(
            lacking(pair.name, side, with_sources, names)
            for side in with_sources
            if side.name not in pair.sources
        )
        for pair in found
    }
    for side in with_sources:
        notes += [f"{file} is left out: {why}" for file, why in side.unreadable.items()]
    return Listing(
        sides=[side.name for side in with_sources],
        requests={one.id: f"{one.method} {one.path}" for one in operations},
        pairs=found,
        parts=parts(with_sources),
        lacking={name: text for name, text in missing.items() if text},
        notes=notes,
    )


def _without(side: Side) -> str:
    """Why a side has no sources, if it has none."""
    if side.folder is None:
        return f"{side.name} has no sources: it is a URL"
    if not side.files:
        return (
            f"{side.name} has no sources: no Python and no JavaScript that can be read"
            f" below {shown(side.folder)}"
        )
    return ""
