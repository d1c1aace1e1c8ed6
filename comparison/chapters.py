"""What a run file holds for its readers: code, rules of the contract, and drift.

All of these may be others when the report is drawn.
"""

import json
from collections.abc import Sequence
from typing import Any

from comparison.code.chapter import chapter
from comparison.code.listing import listing
from comparison.code.piece import CodeError
from comparison.code.side import Side
from comparison.contract_chapter import contract_chapter
from comparison.contracts.library import is_url
from comparison.contracts.prose import rules_beside
from comparison.drift.chapter import chapter as drift_chapter
from comparison.drift.source import Awaited
from comparison.inputs import Inputs
from comparison.mask import Mask
from comparison.stacks import Stack

MOST_OF_PARTS = 4_000_000


def chapters(inputs: Inputs, awaited: Sequence[Awaited]) -> dict[str, Any]:
    """All of them, as parts of the header; waits for the documents of the stacks."""
    contract = inputs.contract
    remote = is_url(contract.source)
    return {
        "code": _code(inputs),
        "contract_rules": {} if remote else rules_beside(contract.path),
        "contract_operations": _hidden(contract_chapter(inputs), inputs.mask),
        "drift": drift(inputs, awaited),
    }


def drift(inputs: Inputs, awaited: Sequence[Awaited]) -> list[dict[str, Any]]:
    """What each stack publishes against the contract, without secrets."""
    mask = inputs.mask
    shown = []
    for entry in drift_chapter(inputs.contract, awaited):
        # Both are prose, in which a password may stand as `password=…`.
        prose = {name: mask.text(entry[name]) for name in ("source", "note")}
        shown.append({**_hidden(entry, mask), **prose})
    return shown


def _code(inputs: Inputs) -> dict[str, Any]:
    """What the report shows side by side; the sources may be others by then."""
    sides = [
        Side(one.name, one.folder if isinstance(one, Stack) else None)
        for one in inputs.setting.stacks
    ]
    try:
        found = chapter(listing(inputs.contract.operations, sides))
    except CodeError as error:
        notes = str(error).splitlines()
        found = {"sides": [], "operations": [], "parts": [], "notes": notes}
    for part in found["parts"]:
        part["alone"] = {
            side: [{**source, "text": ""} for source in sources]
            for side, sources in part["alone"].items()
        }
    if len(json.dumps(found["parts"])) > MOST_OF_PARTS:
        found["parts"] = []
        found["notes"].append("the shared parts are too large for a run file: --code")
    hidden: dict[str, Any] = _hidden(found, inputs.mask)
    return hidden


def _hidden(value: Any, mask: Mask) -> Any:
    """Sources as a JSON value, in which somebody may have written a token."""
    if isinstance(value, str):
        return mask.source(value)
    if isinstance(value, list):
        return [_hidden(item, mask) for item in value]
    if isinstance(value, dict):
        return {key: _hidden(item, mask) for key, item in value.items()}
    return value
