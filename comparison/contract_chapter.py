"""What the contract says of each operation, in short, for those who read a report."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.inputs import Inputs
from comparison.plans.plan import Plan, Step
from comparison.plans.selection import operation_of

MOST_REPLIES = 40
MOST_LETTERS = 500


def contract_chapter(inputs: Inputs) -> dict[str, dict[str, Any]]:
    """By operationId: its request, summary and replies by status, and the rules that
    are checked where a written scenario expects something of it."""
    contract = inputs.contract
    rules = _rules(inputs.scenarios.plans, contract)
    return {
        operation.id: {
            "request": f"{operation.method} {operation.path}",
            "summary": _text(operation.definition.get("summary")),
            "replies": _replies(operation, contract),
            "rules": list(rules.get(operation.id, ())),
        }
        for operation in contract.operations
    }


def _replies(operation: Operation, contract: Contract) -> dict[str, str]:
    responses = operation.definition.get("responses", {})
    return {
        str(status): _text(contract.resolve(response).get("description"))
        for status, response in islice(responses.items(), MOST_REPLIES)
    }


def _rules(
    plans: tuple[Plan, ...], contract: Contract
) -> Mapping[str, Mapping[str, None]]:
    """The rules of every operation, each once, in the order of the scenarios."""
    found: dict[str, dict[str, None]] = {}
    for plan in plans:
        for step in filter(_expects, plan.steps):
            operation = operation_of(step, contract)
            if operation is not None:
                found.setdefault(operation.id, {}).update(dict.fromkeys(plan.rules))
    return found


def _expects(step: Step) -> bool:
    return step.status is not None or bool(step.errors or step.holds or step.sends)


def _text(value: Any) -> str:
    return " ".join(str(value or "").split())[:MOST_LETTERS]
