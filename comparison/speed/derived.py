"""Workloads of a contract that has none: what can be asked knowing nothing of it."""

import re
import urllib.parse
from collections.abc import Container, Mapping
from itertools import chain, count
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.printable import printable
from comparison.speed.concrete import SAFE
from comparison.speed.workloads import MIX, WorkloadFile

MOST = 12
MOST_OF_A_TITLE = 80
# Some get a number behind it.
LONGEST = 36


def derived(contract: Contract) -> WorkloadFile | None:
    """Every GET that needs no parameter and no credentials; None if there is none."""
    found: dict[str, Mapping[str, Any]] = {}
    for operation in contract.operations:
        status = _success(operation)
        if status is not None and _needs_nothing(operation, contract):
            name = _free(_kebab(operation.id), found)
            found[name] = _workload(operation, contract.base, status)
    first = dict([*found.items()][:MOST])
    return WorkloadFile.model_validate({"workloads": first}) if found else None


def _workload(operation: Operation, base: str, status: int) -> Mapping[str, Any]:
    path = urllib.parse.quote(f"{base}{operation.path}", SAFE)
    return {
        "title": printable(operation.id)[:MOST_OF_A_TITLE] or operation.path[:1],
        "requests": [{"ask": f"GET {path}", "status": status}],
        "quick": True,
        # Nobody knows whether it has the time in it, or how often it was asked.
        "varies": True,
    }


def _needs_nothing(operation: Operation, contract: Contract) -> bool:
    """Whether it can be asked as it stands."""
    if operation.method != "GET" or operation.template.names:
        return False
    required = any(one.get("required") for one in contract.parameters(operation))
    return contract.is_open(operation) and not required


def _free(name: str, taken: Container[str]) -> str:
    """The name, or one like it that no other workload has."""
    every = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(one for one in every if one not in taken and one != MIX)


def _success(operation: Operation) -> int | None:
    """The first status of success that is named."""
    responses = operation.definition.get("responses", {})
    return next((int(one) for one in responses if re.fullmatch("2[0-9]{2}", one)), None)


def _kebab(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    text = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return text[:LONGEST] if text[:1].isalpha() else f"o-{text}"[:LONGEST]
