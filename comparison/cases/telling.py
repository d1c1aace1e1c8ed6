"""Values by which one thing can be told from another, by the schema of what takes them.

Lists of such things show how they are sorted and filtered, and an edit shows.
"""

from collections.abc import Mapping
from typing import Any

from comparison.cases.tricky import (
    FORMATS,
    LONGEST,
    Resolve,
    fits,
    merged,
    repeated,
    sizes,
    types,
)

# Every way of sorting puts these in another order: by code point, without case, by
# locale, as numbers. Some numbers are equal, so that ties are broken.
TEXTS = ("b", "A", "a", "\u00e9", "Z", "10", "9")
NUMBERS = (2, 10, 2, 1, 100, 1.5)
LISTS = (("b", "a"), ("a",), (), ("A", "b"), ("\u00e9",))


def telling(schema: Any, resolve: Resolve) -> list[Any]:
    """Allowed values by which things can be told apart, sorted and filtered."""
    schema = merged(schema, resolve)
    if "const" in schema or "enum" in schema:
        return list(schema.get("enum", ()))
    least, most = schema.get("minimum", -(2**53)), schema.get("maximum", 2**53)
    found: list[Any] = []
    for kind in types(schema):
        if kind == "string":
            found += FORMATS.get(schema.get("format", ""), ()) or _told(schema)
        elif kind in {"number", "integer"}:
            whole = kind == "integer"
            fitting = (n for n in NUMBERS if least <= n <= most)
            found += [n for n in fitting if not whole or n == int(n)]
        elif kind == "boolean":
            found += [True, False]
        elif kind == "array":
            found += _told_lists(schema, resolve)
    return [*found, None] if found and "null" in types(schema) else found


def edits(schema: Any, resolve: Resolve) -> list[Any]:
    """Two values that tell, then what may take a value away: null, an empty one.

    What nothing else has, a text of this plan alone, is missed most when it is gone.
    """
    schema = merged(schema, resolve)
    found = [value for value in telling(schema, resolve) if value is not None][:2]
    kinds = types(schema)
    found += [None] if "null" in kinds else []
    if "array" in kinds:
        inner = merged(schema.get("items", {}), resolve)
        own = "string" in types(inner) and fits("u12345678", inner)
        found += [["${unique}"]] if own and "enum" not in inner else []
        found += [] if schema.get("minItems") else [[]]
    empty = "string" in kinds and not schema.get("minLength") and fits("", schema)
    return [*found, ""] if empty and "enum" not in schema else found


def _told(schema: Mapping[str, Any]) -> list[str]:
    least, most = sizes(schema, "Length", LONGEST)
    texts = (repeated(text, least) for text in TEXTS)
    return [one for one in texts if least <= len(one) <= most and fits(one, schema)]


def _told_lists(schema: Mapping[str, Any], resolve: Resolve) -> list[list[Any]]:
    inner = merged(schema.get("items", {}), resolve)
    if types(inner) != ["string"] or "enum" in inner:
        return []
    least, most = sizes(schema, "Items", LONGEST)
    lists = ([t for t in texts if fits(t, inner)] for texts in LISTS)
    return [one for one in lists if least <= len(one) <= most]
