"""The code for programs: described by `code.schema.json`."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from comparison.code.chapter import chapter
from comparison.code.facts import HOW, Facts
from comparison.code.listing import Listing
from comparison.printable import harmless_json


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
        **chapter(listing),
        "counts": counts,
        "how": None if facts is None else HOW,
        "machine": machine,
    }
    return harmless_json(json.dumps(whole, indent=2)) + "\n"


def _facts(facts: Facts) -> dict[str, Any]:
    return dataclasses.asdict(facts)
