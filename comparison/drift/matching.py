"""Which operation of a document is which one of the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.template import PARAMETER

Key = tuple[str, str]


@dataclass(frozen=True)
class Matching:
    """Operations of both, and of either alone.

    `heads` are operations to which the document adds a HEAD that the contract does not
    name. Where it says another base path than the contract, `bases` are both.
    """

    both: list[tuple[Operation, Operation]] = field(default_factory=list)
    missing: list[Operation] = field(default_factory=list)
    beyond: list[tuple[str, Operation]] = field(default_factory=list)
    heads: list[Operation] = field(default_factory=list)
    bases: tuple[str, str] | None = None


def matching(contract: Contract, document: Contract, base: str) -> Matching:
    """Pair by method and whole path; `base` is where the stack has the contract."""
    ours = _by_key(contract, base)
    theirs = _by_key(document, document.base)
    bases = None
    if ours and not ours.keys() & theirs.keys():
        # Somebody has a prefix that the document does not know of, or the other way.
        moved = _by_key(document, base)
        if ours.keys() & moved.keys():
            theirs, bases = moved, (base or "/", document.base or "/")
    gets = {path for method, path in theirs if method == "GET"}
    # In the order of the document: that of a set is another one in each process.
    heads = {
        key: None
        for key in theirs
        if key[0] == "HEAD" and key[1] in gets and key not in ours
    }
    return Matching(
        both=[(one, theirs[key]) for key, one in ours.items() if key in theirs],
        missing=[one for key, one in ours.items() if key not in theirs],
        beyond=[
            (f"{one.method} {(base if bases else document.base)}{one.path}", one)
            for key, one in theirs.items()
            if key not in ours and key not in heads
        ],
        heads=[ours[get] for _, path in heads if (get := ("GET", path)) in ours],
        bases=bases,
    )


def _by_key(document: Contract, base: str) -> Mapping[Key, Operation]:
    """By method and path, in which no parameter has a name of its own."""
    return {
        # `{}` would be a text: no parameter is without a name.
        (one.method, re.sub("/{2,}", "/", PARAMETER.sub("{*}", base + one.path))): one
        for one in document.operations
    }
