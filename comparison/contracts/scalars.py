"""Scalars as text: in a query, a path, a header, or a body of plain text."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Resolve = Callable[[Any], Any]
_BRANCHES = ("allOf", "anyOf", "oneOf")
_NAMES = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))
# As everybody writes a number, whatever reads it.
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,30}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?")
# What some language reads as a number, or as one of few words that stand for one.
_NEARLY = re.compile(
    r"[+-]?(0[xob][0-9a-f_]*|[0-9._]*e[+-]?[0-9]*|[0-9._]+[lfdnm]|nan|inf(inity)?"
    r"|true|false|t|f|yes|no|y|n|on|off|null|nil|none|undefined)",
    re.IGNORECASE,
)


class Undecided(Exception):  # noqa: N818 - not an error: nobody can tell
    """What a text means is a matter of opinion."""


def kinds(
    schema: Any, resolve: Resolve, passed: set[int] | None = None
) -> frozenset[str]:
    """The JSON types that a schema allows, by its types, values and branches."""
    schema = resolve(schema)
    passed = set() if passed is None else passed
    if not isinstance(schema, Mapping) or id(schema) in passed:
        return frozenset()
    passed.add(id(schema))
    said = schema.get("type", ())
    found = frozenset([said] if isinstance(said, str) else said)
    if not found:
        values = [schema["const"]] if "const" in schema else schema.get("enum", ())
        found = frozenset(map(_kind, values))
    for branch in _BRANCHES:
        for part in schema.get(branch, ()):
            found |= kinds(part, resolve, passed)
    return found


def clear(kind: str, text: str) -> Any:
    """The value that a text means without any doubt. Raises `Undecided`."""
    if kind == "string" and text:
        return text
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    raise Undecided


def is_no_number(text: str) -> bool:
    """Whether nobody can read a text as a number; for `+1` or `1e1` somebody may."""
    lettered = re.search(r"[A-Za-z]", text) is not None
    return lettered and not _NEARLY.fullmatch(text.strip())


def _kind(value: Any) -> str:
    found = (name for kind, name in _NAMES if isinstance(value, kind))
    return next(found, "null" if value is None else "object")
