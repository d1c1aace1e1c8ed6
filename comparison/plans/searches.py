"""The queries by which a list may be asked for what is known to be in it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from comparison.cases import tricky
from comparison.cases.seen import known, quoted, values_of
from comparison.cases.telling import telling
from comparison.contracts.contract import Contract, Operation
from comparison.plans.plan import Step

# Texts for one filter; a page that is larger is no list for a person.
MOST_WORDS = 6
MOST_PAGE = 1000
SMALL = (1, 2, 3)
Schemas = Mapping[str, Mapping[str, Any]]


def searches(
    contract: Contract, operation: Operation, made: Sequence[Step]
) -> Iterator[str]:
    """Every filter and order alone and on the largest page, then smaller pages.

    The first query is empty. Filters take the texts that the steps `made` send.
    """
    parameters = {
        one["name"]: contract.resolve(one.get("schema", {}))
        for one in contract.parameters(operation)
        if one["in"] == "query"
    }
    numbers = {n: s for n, s in parameters.items() if "integer" in tricky.types(s)}
    largest = list(_largest(numbers))
    yield ""
    for name, schema in parameters.items():
        for text in () if name in numbers else _texts(contract, name, schema, made):
            word = f"{name}={quoted(text)}"
            yield from (word, *(f"{word}&{page}" for page in largest))
    yield from largest
    yield from (f"{name}={number}" for name in numbers for number in SMALL)
    for one, other in combinations(numbers, 2):
        yield from (f"{one}={a}&{other}={b}" for a, b in product(SMALL, SMALL))


def _largest(numbers: Schemas) -> Iterator[str]:
    """The size of a page is what has a maximum; nothing else has one."""
    for name, schema in numbers.items():
        if 0 < schema.get("maximum", 0) <= MOST_PAGE:
            yield f"{name}={schema['maximum']}"
            return


def _texts(
    contract: Contract, name: str, schema: Mapping[str, Any], made: Sequence[Step]
) -> list[str]:
    if "string" in tricky.types(schema) and "enum" not in schema:
        found = known(values_of(made), name)
        return [value for value in found if isinstance(value, str)][:MOST_WORDS]
    told = telling(schema, contract.resolve)
    return [
        value if isinstance(value, str) else json.dumps(value)
        for value in told
        if value is not None
    ]
