"""The requests of `compare.toml` as steps: logins, the seed, resets, preparations."""

import urllib.parse
from collections.abc import Iterable
from typing import Any

from comparison.configuration.tables import File, GeneratedTable, StepTable
from comparison.plans.plan import PLACEHOLDER, Step
from comparison.plans.scenarios import Binding, steps

_FORM = "application/x-www-form-urlencoded"


def world(file: File) -> tuple[Step, ...]:
    """Every login, which saves `NAME.token`, then the seed."""
    logins = (
        {**entry, "save": {**entry.get("save", {}), f"{name}.token": user.token}}
        for name, user in file.users.items()
        for entry in [_entry(user.login)]
    )
    return steps([*logins, *map(_entry, file.seed)])


def bindings(file: File) -> dict[str, Binding]:
    """How generated cases reach what exists, by operationId."""
    return {
        operation: _binding(table)
        for table in file.generated
        for operation in table.operations
    }


def single(table: StepTable) -> Step:
    """The step of one request."""
    return steps([_entry(table)])[0]


def _binding(table: GeneratedTable) -> Binding:
    return Binding(table.as_, table.path, steps(list(map(_entry, table.before))))


def _entry(table: StepTable) -> dict[str, Any]:
    """The request as `scenarios.yaml` has it."""
    entry = table.model_dump(by_alias=True, exclude_unset=True)
    form = entry.pop("form", None)
    if form is not None:
        entry["text"] = _encoded(form.items())
        entry["headers"] = {"Content-Type": _FORM, **entry.get("headers", {})}
    return entry


def _encoded(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in pairs)


def _quoted(text: str) -> str:
    """`text` as a part of a form, its placeholders left to be filled."""
    found, end = "", 0
    for at in PLACEHOLDER.finditer(text):
        found += urllib.parse.quote_plus(text[end : at.start()]) + at[0]
        end = at.end()
    return found + urllib.parse.quote_plus(text[end:])
