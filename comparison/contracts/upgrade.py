"""OpenAPI 3.0 as 3.1, so that only one form of schema is known elsewhere.

The schemas of 3.0 are a dialect of their own, those of 3.1 are JSON Schema 2020-12.
"""

from typing import Any

from comparison.contracts.grammar import walk

OLD = "3.0"
# Says nothing about which values are valid, so it may stay where a schema is wrapped.
_ANNOTATIONS = frozenset(
    {"title", "description", "deprecated", "readOnly", "writeOnly", "default"}
)
_BOUNDS = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}


def upgrade(document: dict[str, Any]) -> None:
    """Turn a bundled document of OpenAPI 3.0 into one of 3.1, in place.

    What 3.0 leaves open is read as authors mean it: `nullable` allows null also where
    `enum` doesn't list it, or where there is no `type` beside it.
    """
    # First all, then change: what is changed would not be found at its place.
    for _, schema, kind in list(walk(document)):
        if kind == "schemas":
            _upgrade_schema(schema)
    document["openapi"] = "3.1.0"


def _upgrade_schema(schema: dict[str, Any]) -> None:
    if isinstance(schema.get("$ref"), str):
        # Beside a reference 3.0 says nothing that counts, 3.1 does.
        for name in schema.keys() - {"$ref", "summary", "description"}:
            del schema[name]
        return
    for bound, exclusive in _BOUNDS.items():
        _exclude(schema, bound, exclusive)
    _name_content(schema)
    if not isinstance(schema.get("examples"), list):
        schema.pop("examples", None)
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
    if schema.pop("nullable", False) is True:
        _allow_null(schema)


def _exclude(schema: dict[str, Any], bound: str, exclusive: str) -> None:
    """A bound that is excluded is a number of its own in 3.1."""
    flag = schema.get(exclusive)
    if not isinstance(flag, bool):
        return
    del schema[exclusive]
    if flag and bound in schema:
        schema[exclusive] = schema.pop(bound)


def _name_content(schema: dict[str, Any]) -> None:
    """Formats of 3.0 that say how bytes are written."""
    if schema.get("type") != "string":
        return
    if schema.get("format") == "binary":
        del schema["format"]
        schema.setdefault("contentMediaType", "application/octet-stream")
    elif schema.get("format") in {"byte", "base64"}:
        del schema["format"]
        schema.setdefault("contentEncoding", "base64")


def _allow_null(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if isinstance(kind, str) and not schema.keys() & {"allOf", "anyOf", "oneOf"}:
        schema["type"] = [kind, "null"] if kind != "null" else kind
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return
    moved = [name for name in schema if name not in _ANNOTATIONS]
    rest = {name: schema.pop(name) for name in moved}
    if rest:
        schema["anyOf"] = [rest, {"type": "null"}]
