"""The code for programs: described by `code.schema.json`."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from comparison.code.facts import HOW, Facts
from comparison.code.listing import Listing
from comparison.code.pairing import Pair, Part
from comparison.code.side import Source


def render(
    listing: Listing,
    facts: Mapping[str, Facts] | None = None,
    machine: Mapping[str, Any] | None = None,
) -> str:
    """All of it as indented JSON that ends with a newline.

    `facts` are by the side's name, without them what is shown is one name alone.
    """
    counts = None if facts is None else {n: _facts(one) for n, one in facts.items()}
    whole = {
        "version": 1,
        "sides": list(listing.sides),
        "operations": [_operation(pair, listing) for pair in listing.pairs],
        "parts": [_part(part, listing) for part in listing.parts],
        "notes": list(listing.notes),
        "counts": counts,
        "how": None if facts is None else HOW,
        "machine": machine,
    }
    return json.dumps(whole, indent=2) + "\n"


def _operation(pair: Pair, listing: Listing) -> dict[str, Any]:
    return {
        **_pair(pair),
        "request": listing.requests[pair.name],
        "lacking": listing.lacking.get(pair.name),
    }


def _part(part: Part, listing: Listing) -> dict[str, Any]:
    return {
        "name": part.name,
        "files": dict(part.files),
        "shared": [_pair(pair) for pair in part.shared],
        "alone": {side: list(map(_source, part.alone(side))) for side in listing.sides},
    }


def _pair(pair: Pair) -> dict[str, Any]:
    sources = {side: _source(one) for side, one in pair.sources.items()}
    return {"name": pair.name, "sources": sources}


def _source(source: Source) -> dict[str, Any]:
    return {
        "name": source.piece.name,
        "kind": source.piece.kind,
        "file": source.file,
        "line": source.piece.at,
        "first": source.first,
        "last": source.last,
        "language": source.language,
        "text": source.text,
    }


def _facts(facts: Facts) -> dict[str, Any]:
    return dataclasses.asdict(facts)
