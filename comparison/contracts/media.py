"""What a contract says of a body by its media type, and of the text of a header."""

import re
from collections.abc import Mapping
from typing import Any

from comparison.contracts.scalars import Resolve, kinds

_JSON = re.compile(r"(application|text)/json|.+/.+\+json")
_INTEGER = re.compile(r"[+-]?\d{1,4000}")
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?")


def base(media: str) -> str:
    """A media type without its parameters, in lower case."""
    return media.split(";", maxsplit=1)[0].strip().lower()


def is_json(media: str) -> bool:
    """Whether a body of this type is to be read as JSON."""
    return _JSON.fullmatch(base(media)) is not None


def documented(content: Mapping[str, Any], sent: str) -> Mapping[str, Any] | None:
    """The Media Type Object for what was sent; a range counts less than the type."""
    name = base(sent)
    ranges = [name, f"{name.split('/')[0]}/*", "*/*"]
    fitting = [key for key in content if base(key) in ranges]
    if not fitting:
        return None

    def rank(key: str) -> tuple[int, bool]:
        return ranges.index(base(key)), _whole(key) != _whole(sent)

    found: Mapping[str, Any] = content[min(fitting, key=rank)]
    return found


def header_value(schema: Any, text: str, resolve: Resolve) -> Any:
    """The text of a header as the value that its schema means, if it can be read."""
    value = scalar_value(schema, text, resolve)
    found = kinds(schema, resolve)
    if not isinstance(value, str) or "string" in found or "array" not in found:
        return value
    items = resolve(schema).get("items", True)
    parts = text.split(",") if text else []
    return [header_value(items, part.strip(), resolve) for part in parts]


def scalar_value(schema: Any, text: str, resolve: Resolve) -> Any:
    """A text as the number or boolean that its schema means, if it can be read."""
    found = kinds(schema, resolve)
    if "string" in found:
        return text
    if "integer" in found and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in found and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in found and text in {"true", "false"}:
        return text == "true"
    return text


def _whole(media: str) -> str:
    return "".join(media.lower().split())
