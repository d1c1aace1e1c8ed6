"""Workloads of a contract that has none: what can be asked knowing nothing of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.speed.workloads import WorkloadFile

MOST = 12


def derived(contract: Contract) -> WorkloadFile | None:
    """Every GET that needs no parameter and no credentials; None if there is none."""
    found = dict(_workloads(contract))
    if not found:
        return None
    first = dict([*found.items()][:MOST])
    return WorkloadFile.model_validate({"workloads": first})


def _workloads(contract: Contract) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for operation in contract.operations:
        status = _success(operation)
        if _is_open(operation, contract) and status is not None:
            ask = f"GET {contract.base}{operation.path}"
            yield (
                _kebab(operation.id),
                {
                    "title": operation.id[:80],
                    "requests": [{"ask": ask, "status": status}],
                    "quick": True,
                },
            )


def _is_open(operation: Operation, contract: Contract) -> bool:
    """Whether it can be asked as it stands."""
    if operation.method != "GET" or operation.template.names:
        return False
    own = operation.definition.get("security")
    security = contract.document.get("security", []) if own is None else own
    parameters = map(contract.resolve, operation.definition.get("parameters", ()))
    return not any(one.get("required") for one in parameters) and (
        not security or {} in security
    )


def _success(operation: Operation) -> int | None:
    """The first status of success that is named."""
    responses = operation.definition.get("responses", {})
    return next((int(one) for one in responses if re.fullmatch("2[0-9]{2}", one)), None)


def _kebab(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    text = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return text[:40] if text[:1].isalpha() else f"o-{text}"[:40]
