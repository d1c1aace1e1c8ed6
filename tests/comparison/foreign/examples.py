"""Values made from the schemas of the contract; the twin of examples.js."""

import os
from pathlib import Path
from typing import Any

import yaml

FAULT = os.environ.get("FAULT", "")
FILE = Path(__file__).parent / "node_modules/@blockfrost/openapi/openapi.yaml"
DOCUMENT = yaml.load(FILE.read_bytes(), Loader=yaml.CSafeLoader)


def resolve(node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        found: Any = DOCUMENT
        for part in node["$ref"].split("/")[1:]:
            found = found[part.replace("~1", "/")]
        node = found
    return node


def number(text: str) -> int:
    """FNV-1a of the text's UTF-8."""
    found = 2166136261
    for byte in text.encode():
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found


def example(schema: Any, seed: str) -> Any:
    """A value that fits the schema; the same seed gives the same."""
    schema = resolve(schema)
    for part in schema.get("allOf", []):
        schema = {**resolve(part), **schema}
    for branches in ("oneOf", "anyOf"):
        if branches in schema:
            return example(schema[branches][0], seed)
    if "enum" in schema:
        return schema["enum"][number(seed) % len(schema["enum"])]
    if schema.get("nullable") and number(seed) % 5 == 0:
        return None
    return made(schema, seed)


def made(schema: Any, seed: str) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if kind == "object":
        entries = schema.get("properties", {}).items()
        found = {name: example(its, f"{seed}.{name}") for name, its in entries}
        gone = FAULT == "null"
        return {n: one for n, one in found.items() if one is not None or not gone}
    if kind == "array":
        least = schema.get("minItems", 1)
        size = max(least, min(schema.get("maxItems", 2), 1 + number(seed) % 2))
        return [example(schema.get("items", {}), f"{seed}.{at}") for at in range(size)]
    if kind == "boolean":
        return number(seed) % 2 == 0
    if kind == "string":
        return text(schema, seed)
    least = schema.get("minimum", 0)
    value = least + number(seed) % (schema.get("maximum", least + 99999) - least + 1)
    return value if kind == "integer" else value + 0.5


def text(schema: Any, seed: str) -> str:
    if schema.get("format") == "date-time":
        return f"2026-01-{1 + number(seed) % 28:02}T12:00:00Z"
    words = "".join(f"{number(seed + str(at)):08x}" for at in range(10))
    return words[: max(16, schema.get("minLength", 0))]


def fits(schema: Any, value: Any) -> bool:
    """Whether a body is valid, as far as the contract's few bodies need it."""
    schema = resolve(schema)
    if "anyOf" in schema and not any(fits(one, value) for one in schema["anyOf"]):
        return False
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return False
        known = schema.get("properties", {})
        more = schema.get("additionalProperties", True)
        more = {} if more is True else more
        return all(name in value for name in schema.get("required", [])) and all(
            fits(known.get(name, more), item) for name, item in value.items()
        )
    if kind == "array":
        return (
            isinstance(value, list)
            and schema.get("minItems", 0) <= len(value)
            and len(value) <= schema.get("maxItems", len(value))
            and all(fits(schema["items"], item) for item in value)
        )
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return kind != "string" or isinstance(value, str)
