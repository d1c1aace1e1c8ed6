"""Values that ports of an API get wrong, by the schema of what takes them."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Resolve = Callable[[Any], Any]

# One text per kind of trouble: the less is in it, the clearer is what it shows.
TEXTS = (
    "\u00e9 e\u0301 \u212b \ufb01",  # normal forms
    "\U0001f4a5 \U0001d4b3",  # two units of UTF-16 each
    "\u00df\u0130\u0131 aB",  # folding of case
    "a'b",
    'a"b',
    "a%b_c",
    "a<b>&c",
    "a\\b/c;d",
    " a  b ",
    "a\r\nb\tc",
    "a\x01b",
    "a\0b",
    " ",
    "null",
)
TIMES = (
    "2024-02-29T23:30:00.123456+02:00",
    "2024-02-29T12:30:00.5Z",
    "1969-12-31T23:59:59-05:00",
    "2024-02-29t12:30:00z",
)
FORMATS: Mapping[str, tuple[str, ...]] = {
    "date-time": TIMES,
    "date": ("2024-02-29", "0001-01-01"),
    "email": ("A.b+c@Example.ORG",),
    "uuid": ("ABCDEF01-2345-4678-9ABC-DEF012345678",),
}
NUMBERS = (0, 1.0, 0.1, 1.005, 12.345678901, 1e-7, 16777217.5, 123456.789)
INTEGERS = (0, 1, 2, 5, 10, 2**31, 2**53 + 1, -(2**31) - 1)
# Texts of a query or a path that are nearly integers, and nearly booleans.
NEARLY_INTEGERS = (
    "",
    "+1",
    " 1",
    "01",
    "1.0",
    "1e1",
    "0x1",
    "1_0",
    "-0",
    "1a",
    "\u0663",
)
NEARLY_BOOLEANS = ("", "1", "0", "True", "FALSE", "yes", "on")
LONGEST = 2000
# Lists within lists: a list may be one of itself.
MOST_LISTS = 3


def allowed(schema: Any, resolve: Resolve, lists: int = MOST_LISTS) -> list[Any]:
    """Tricky values that a schema allows, as far as a glance at it can tell.

    Of lists within lists no more than `lists` are made.
    """
    schema = merged(schema, resolve)
    if "const" in schema or "enum" in schema:
        return list(schema.get("enum", ()))
    found: list[Any] = []
    for kind in types(schema):
        if kind == "string":
            found += _texts(schema)
        elif kind in {"number", "integer"}:
            found += _numbers(schema)
        elif kind == "array":
            found += _arrays(schema, resolve, lists)
        elif kind == "boolean":
            found += [True, False]
        elif kind == "null":
            found += [None]
    return found


def refused(schema: Any, resolve: Resolve) -> list[Any]:
    """Values of a kind that is near to what a schema allows."""
    schema = merged(schema, resolve)
    near: dict[str, list[Any]] = {
        "string": [1, True],
        "integer": ["1", 1.5, True],
        "number": ["1", True],
        "boolean": ["true", 1],
        "array": ["a", {}],
        "object": [[], "a"],
    }
    kinds = types(schema)
    found = [value for kind in kinds for value in near.get(kind, [])]
    nullable = not kinds or "null" in kinds
    return found if nullable else [*found, None]


def needed(schema: Any, where: tuple[str, ...], resolve: Resolve) -> bool:
    """Whether an object with this property alone lacks others that must be there."""
    schema = merged(schema, resolve)
    if set(schema.get("required", ())) - {where[0]}:
        return True
    inner = schema.get("properties", {}).get(where[0])
    return len(where) > 1 and needed(inner, where[1:], resolve)


def types(schema: Any) -> list[str]:
    """The types that a schema names."""
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else list(named)


def properties(schema: Any, resolve: Resolve) -> dict[str, Any]:
    """The properties of an object's schema, with their own schemas."""
    found: dict[str, Any] = merged(schema, resolve).get("properties", {})
    return found


def places(
    schema: Any, base: Any, resolve: Resolve, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every property of a schema; of objects within only where the body has them."""
    for name, one in properties(schema, resolve).items():
        inner = base.get(name) if isinstance(base, dict) else None
        if isinstance(inner, dict) and properties(one, resolve):
            yield from places(one, inner, resolve, (*path, name))
        else:
            yield (*path, name), one


def merged(
    schema: Any, resolve: Resolve, above: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """A schema with what `allOf` adds to it; the first way of a choice is taken.

    What it is a part of, `above`, adds nothing more: a choice may lead back to it.
    """
    found = resolve(schema)
    if not isinstance(found, Mapping) or id(found) in above:
        return {}
    whole = dict(found)
    choices = [*found.get("anyOf", ())[:1], *found.get("oneOf", ())[:1]]
    for part in [*found.get("allOf", ()), *choices]:
        other = merged(part, resolve, above | {id(found)})
        both = {**other.get("properties", {}), **whole.get("properties", {})}
        whole = {**other, **whole, **({"properties": both} if both else {})}
    return whole


def _texts(schema: Mapping[str, Any]) -> list[str]:
    if schema.get("format") in FORMATS:
        return list(FORMATS[schema["format"]])
    least, most = sizes(schema, "Length", LONGEST)
    texts = [repeated(text, least) for text in TEXTS]
    full = [letter * most for letter in ("a", "\u00e9", "\U0001f4a5")]
    found = [text[:most] for text in texts] + full + ([""] if not least else [])
    long_enough = [text for text in dict.fromkeys(found) if len(text) >= least]
    return [text for text in long_enough if fits(text, schema)]


def repeated(text: str, least: int) -> str:
    """The text so often that it is long enough, if anything here can be."""
    return text * -(-max(min(least, LONGEST), 1) // len(text))


def sizes(schema: Mapping[str, Any], of: str, usual: int) -> tuple[int, int]:
    """How many of `Length` or `Items` there must be, and may be of what is made here.

    The bounds of a schema may be written 5.0, and be beyond all memory.
    """
    least, most = schema.get(f"min{of}", 0), schema.get(f"max{of}", usual)
    return int(least), int(min(most, LONGEST))


def fits(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether a text has the pattern that the schema asks for."""
    try:
        return re.search(schema.get("pattern", ""), text) is not None
    except re.error:
        return False  # Another dialect: nobody here can tell.


def _numbers(schema: Mapping[str, Any]) -> list[int | float]:
    whole = "integer" in types(schema)
    bounds = [schema[key] for key in ("minimum", "maximum") if key in schema]
    tried = [*(INTEGERS if whole else (*NUMBERS, *INTEGERS)), *bounds]
    least = schema.get("minimum", schema.get("exclusiveMinimum", float("-inf")))
    most = schema.get("maximum", schema.get("exclusiveMaximum", float("inf")))
    edges = {schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")}
    fitting = [n for n in tried if least <= n <= most and n not in edges]
    # 1 and 1.0 are equal, but not the same on the wire.
    return list({repr(number): number for number in fitting}.values())


def _arrays(schema: Mapping[str, Any], resolve: Resolve, lists: int) -> list[list[Any]]:
    least, most = sizes(schema, "Items", 8)
    inner = merged(schema.get("items", {}), resolve)
    if "string" in types(inner) and not inner.get("enum"):
        words = [text for text in ("b", "A", "b", "\u00e9", "a") if fits(text, inner)]
    else:
        words = allowed(inner, resolve, lists - 1)[:5] if lists else []
    many = (words * most)[:most] if words else []
    tried = [[], words[:1], words[:3], words, many]
    return [items for items in tried if least <= len(items) <= most]


def queries(schema: Any, resolve: Resolve) -> Iterator[tuple[str, bool]]:
    """Texts for a parameter, and whether its schema allows them."""
    schema = merged(schema, resolve)
    kinds = types(schema)
    for value in allowed(schema, resolve):
        if isinstance(value, bool):
            yield str(value).lower(), True
        elif isinstance(value, str | int):
            yield str(value), True
    nearly: tuple[str, ...] = ()
    if "enum" in schema:
        nearly = ("", *(str(one).swapcase() for one in schema["enum"][:1]))
    elif "integer" in kinds or "number" in kinds:
        nearly = NEARLY_INTEGERS
    elif "boolean" in kinds:
        nearly = NEARLY_BOOLEANS
    yield from ((text, False) for text in nearly)
