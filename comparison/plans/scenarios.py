"""Written scenarios: `scenarios.yaml` beside the contract, read into plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from comparison.contracts.contract import ContractError, Loader
from comparison.exchanges.exchange import broken
from comparison.plans.plan import Plan, Step

_STEP_KEYS = {
    "request": "request",
    "as": "identity",
    "headers": "headers",
    "json": "json",
    "text": "text",
    "hex": "hex",
    "save": "save",
    "expect": "status",
    "errors": "errors",
    "holds": "holds",
    "sends": "sends",
}


@dataclass(frozen=True)
class Binding:
    """How generated cases of some operations reach what exists.

    `path` gives each path parameter a placeholder, `before` prepares what they name.
    """

    identity: str = "anonymous"
    path: Mapping[str, str] = field(default_factory=dict)
    before: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Scenarios:
    """The world that every plan finds, the written plans, and the bindings."""

    world: tuple[Step, ...] = ()
    plans: tuple[Plan, ...] = ()
    bindings: Mapping[str, Binding] = field(default_factory=dict)


def load_scenarios(path: Path) -> Scenarios:
    """Read the file; without it there are none. Raises `ContractError`."""
    if not path.exists():
        return Scenarios()
    try:
        document = yaml.load(path.read_bytes(), Loader=Loader)  # noqa: S506 - safe
        return Scenarios(
            world=steps(document.get("world", [])),
            plans=tuple(_plan(entry) for entry in document.get("scenarios", [])),
            bindings={
                operation: _binding(entry)
                for entry in document.get("generated", [])
                for operation in entry["operations"]
            },
        )
    except yaml.YAMLError as error:
        raise ContractError(f"{path} is not YAML: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContractError(
            f"{path} is not as its first comment says: {type(error).__name__} {error}."
        ) from None


def steps(entries: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps as they are written. Raises `ValueError` and its like for what is not."""
    found: list[Step] = []
    for entry in entries:
        single = {key: value for key, value in entry.items() if key != "times"}
        for number in range(1, int(entry.get("times", 1)) + 1):
            numbered = _numbered(single, str(number)) if "times" in entry else single
            found.append(_step(numbered))
    return tuple(found)


def _plan(entry: Mapping[str, Any]) -> Plan:
    name = entry["name"]
    unknown = entry.keys() - {"name", "title", "rules", "steps"}
    if unknown:
        raise ValueError(f"scenario {name!r} has unknown keys {sorted(unknown)}")
    return Plan(
        id=name,
        title=entry.get("title", ""),
        rules=tuple(entry.get("rules", ())),
        steps=steps(entry["steps"]),
    )


def _binding(entry: Mapping[str, Any]) -> Binding:
    return Binding(
        identity=entry.get("as", "anonymous"),
        path=entry.get("path", {}),
        before=steps(entry.get("before", [])),
    )


def _numbered(value: Any, number: str) -> Any:
    """`value` with `${n}` replaced in every text."""
    if isinstance(value, Mapping):
        return {key: _numbered(item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    return value.replace("${n}", number) if isinstance(value, str) else value


def _step(entry: Mapping[str, Any]) -> Step:
    unknown = entry.keys() - _STEP_KEYS.keys()
    if unknown:
        raise ValueError(f"a step has unknown keys {sorted(unknown)}")
    given = {_STEP_KEYS[key]: value for key, value in entry.items()}
    if "json" in given:
        given["json"] = (given["json"],)
    method, _, target = str(given["request"]).partition(" ")
    if not method.isupper() or not target.startswith(("/", "~", "*")):
        raise ValueError(f"{given['request']!r} must be METHOD /target")
    sent = given.get("headers") or {}
    if why := broken(method, ((n, str(value)) for n, value in sent.items())):
        raise ValueError(f"{given['request']!r}: {why}")
    return Step(**given)
