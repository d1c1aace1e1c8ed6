"""Noise: one stack that answers the same plan differently from one run to the next."""

import json
from dataclasses import dataclass, replace

from comparison.exchanges.difference import ABSENT, Looseness
from comparison.exchanges.partition import Split
from comparison.exchanges.view import View, compare


@dataclass(frozen=True)
class Sight:
    """A finding as it showed in one run: what every stack answered."""

    views: tuple[View, ...]
    split: Split
    unique: str


def differs_from_itself(
    before: View, one: Sight, after: View, other: Sight, loose: Looseness
) -> bool:
    """Whether two answers of one stack differ as the stacks do."""
    split = one.split
    # Where one stack has what another lacks, another value of it is no noise.
    absent = ABSENT in split.values
    found = compare(_neutral(before, one.unique), _neutral(after, other.unique), loose)
    return any(
        (own.where, own.kind) == (split.where, split.kind)
        and (ABSENT in {own.first, own.second}) == absent
        for own in found
    )


def _neutral(view: View, unique: str) -> View:
    """A view without the text that only this run of the plan had."""

    def without(value: object) -> object:
        return json.loads(json.dumps(value).replace(unique, "unique"))

    try:
        body = without(view.body)
    except TypeError:
        body = view.body
    headers = {
        name: text.replace(unique, "unique") for name, text in view.headers.items()
    }
    return replace(view, headers=headers, body=body)
