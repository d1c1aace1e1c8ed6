"""The code as a JSON value, for the run file and for programs."""

from typing import Any

from comparison.code.listing import Listing
from comparison.code.pairing import Pair, Part
from comparison.code.side import Source


def chapter(listing: Listing) -> dict[str, Any]:
    """All pairs and parts, as `report/code.schema.json` describes them."""
    return {
        "sides": list(listing.sides),
        "operations": [_operation(pair, listing) for pair in listing.pairs],
        "parts": [_part(part, listing) for part in listing.parts],
        "notes": list(listing.notes),
    }


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
