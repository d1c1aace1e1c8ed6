"""The drift of every stack as a JSON value, for the run file and for programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from comparison.contracts.contract import Contract
from comparison.drift.document import DriftError, read_document
from comparison.drift.matching import matching
from comparison.drift.operations import Comparison
from comparison.drift.source import Awaited
from comparison.drift.themes import themed


def chapter(contract: Contract, awaited: Sequence[Awaited]) -> list[dict[str, Any]]:
    """What each stack publishes against the contract; waits for what is awaited."""
    return [_stack(contract, one) for one in awaited]


def _stack(contract: Contract, awaited: Awaited) -> dict[str, Any]:
    entry = {"stack": awaited.stack, "source": awaited.source}
    if not awaited.source:
        return {**entry, **_nothing("")}
    try:
        document = read_document(awaited.source, awaited.content())
    except DriftError as error:
        return {**entry, **_nothing(" ".join(str(error).split()))}
    return {**entry, "note": "", **drifts(contract, document, awaited.base)}


def _nothing(note: str) -> dict[str, Any]:
    return {"note": note, "compared": None, "groups": [], "left": 0, "whole": True}


def drifts(
    contract: Contract, document: Contract, base: str | None = None
) -> Mapping[str, Any]:
    """The drifts of one document; `base` is that of the stack, if it is another."""
    at = contract.base if base is None else base
    matched = matching(contract, document, at)
    found = themed(matched, Comparison(contract, document))
    return {"compared": len(matched.both), **found}
