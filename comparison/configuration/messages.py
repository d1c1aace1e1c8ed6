"""What is wrong in `compare.toml` or the like, in words: place, what is and may be."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from comparison.configuration.checks import nearest
from comparison.configuration.tables import CommandTable, File, StepTable, Table
from comparison.mask import is_secret

_TAGS: dict[str, type[Table]] = {"<request>": StepTable, "<table>": CommandTable}
_LONGEST = 60
_MUST = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "list_type": "must be a list",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "finite_number": "must be a finite number",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "must be bytes in hexadecimal digits",
    "literal_error": "must be {expected}",
}


def problems(
    error: ValidationError, secrets: Iterable[str], file: type[Table] = File
) -> Iterator[str]:
    """One line for each mistake. What may be a secret is not shown."""
    hidden = tuple(secrets)
    for one in error.errors(include_url=False):
        yield f"{place(one['loc'])} {_said(one, hidden, file)}"


def place(location: tuple[int | str, ...]) -> str:
    """Keys with dots between them; the entries of a list count from 1."""
    parts = [
        str(part + 1) if isinstance(part, int) else part
        for part in location
        if part != "[key]" and not part_of_union(part)
    ]
    return ".".join(parts) or "the file"


def part_of_union(part: int | str) -> bool:
    """Whether a part of a location only names the branch of a union."""
    return isinstance(part, str) and part.startswith("<")


def _said(error: ErrorDetails, hidden: tuple[str, ...], file: type[Table]) -> str:
    kind, found = error["type"], error["input"]
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(error["loc"], file)
    if kind == "missing":
        return "is missing."
    shown = _shown(error["loc"], found, hidden)
    if kind == "value_error":
        # A whole table is too much to repeat.
        what = "" if isinstance(found, dict) else f"is {shown}: it "
        return f"{what}{context['error']}"
    must = _MUST.get(kind, error["msg"][:1].lower() + error["msg"][1:])
    near = ""
    if kind == "literal_error" and isinstance(found, str):
        near = nearest(found, re.findall("'(.*?)'", str(context["expected"])))
    return f"is {shown}, but {must.format(**context)}{near or '.'}"


def _unknown(location: tuple[int | str, ...], file: type[Table]) -> str:
    keys = _table(location[:-1], file).allowed()
    near = nearest(str(location[-1]), keys)
    return f"is an unknown key{near} Allowed here: {', '.join(keys)}."


def _table(location: tuple[int | str, ...], file: type[Table]) -> type[Table]:
    """The table that a location leads to; names and numbers of entries lead nowhere."""
    table = file
    for part in location:
        if part in _TAGS:
            table = _TAGS[str(part)]
        for name, field in table.model_fields.items():
            if part == (field.alias or name):
                table = next(_tables(field.annotation), table)
                break
    return table


def _tables(annotation: Any) -> Iterator[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)


def _shown(location: tuple[int | str, ...], value: Any, hidden: tuple[str, ...]) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    telling = any(_tells(part) for part in location)
    if telling or any(secret in text for secret in hidden):
        return "(not shown)"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _tells(part: int | str) -> bool:
    """Whether a key is that of a secret; `tokens` holds nothing else."""
    return isinstance(part, str) and (part == "tokens" or is_secret(part))
