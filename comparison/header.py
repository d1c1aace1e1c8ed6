"""The header of a run file: what was compared, how, and on which machine."""

import datetime
import importlib.metadata
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from comparison.chapters import chapters
from comparison.code.versions import runs_with
from comparison.contracts.contract import Contract
from comparison.drift.source import Awaited
from comparison.findings.verdict import handlers
from comparison.inputs import AnyStack, Inputs
from comparison.paths import shown
from comparison.plans.schedule import Budget
from comparison.stacks import Stack


def header(
    inputs: Inputs, budget: Budget, awaited: Sequence[Awaited] = ()
) -> dict[str, Any]:
    """Everything that a report says of the run itself, without secrets."""
    options, contract, setting = inputs.options, inputs.contract, inputs.setting
    return {
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seed": options.seed,
        "budget": vars(budget),
        "contract": contract_header(contract),
        "base": contract.base,
        "stacks": [_stack(stack) for stack in setting.stacks],
        "operations": [operation.id for operation in contract.operations],
        "handlers": _handlers(inputs),
        "command": options.command(),
        "select": options.select,
        "ignore": options.ignore,
        "fail_on": inputs.fail_on,
        "config": None
        if inputs.config.path is None
        else _short(str(inputs.config.path)),
        "rules": _rules(inputs),
        **_as_whom(inputs),
        **chapters(inputs, awaited),
        "machine": machine(),
    }


def contract_header(contract: Contract) -> dict[str, str]:
    """Which contract it is."""
    return {
        "title": contract.title,
        "path": _short(contract.source),
        "sha256": contract.digest,
    }


def _handlers(inputs: Inputs) -> dict[str, dict[str, str]]:
    """Where each operation is handled, by stack, as far as that is known."""
    names = [operation.id for operation in inputs.contract.operations]
    found = {name: handlers(name, inputs.setting.stacks) for name in names}
    return {name: places for name, places in found.items() if places}


def _as_whom(inputs: Inputs) -> dict[str, Any]:
    """The world, and what goes with every request; `users` are those of `tokens`."""
    setting, mask = inputs.setting, inputs.mask
    settings = [inputs.config.settings(stack.name) for stack in setting.stacks]
    credentials = vars(setting.terms.credentials)
    return {
        "world": mask.plan([step.as_json() for step in setting.world]),
        "users": [*dict.fromkeys(user for one in settings for user in one.tokens)],
        "headers": [dict(mask.headers(one.headers.items())) for one in settings],
        "credentials": {name: mask.text(text) for name, text in credentials.items()},
    }


def _stack(stack: AnyStack) -> dict[str, Any]:
    if isinstance(stack, Stack):
        # What is started here has another port every time.
        named = {"name": stack.name, "title": stack.title, "url": ""}
        return {**named, "versions": runs_with(stack)}
    return {"name": stack.name, "title": "", "url": stack.url, "versions": {}}


def machine() -> dict[str, Any]:
    """What a result may depend on beside the stacks."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "schemathesis": importlib.metadata.version("schemathesis"),
    }


def _rules(inputs: Inputs) -> list[dict[str, str]]:
    """What the configuration lets differ, each with its reason."""
    rules = inputs.config.rules
    return [
        {
            "rule": name,
            "operation": one.operation,
            "where": one.where,
            "reason": one.reason,
        }
        for name, found in (
            ("ignore", rules.ignores),
            ("unordered", rules.unordered),
            ("tolerance", rules.tolerances),
        )
        for one in found
    ]


def _short(path: str) -> str:
    """A path as people write it; a URL as it is."""
    return path if "://" in path else shown(Path(path))
