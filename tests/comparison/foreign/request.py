"""What a request means, by the contract; the twin of request.js."""

import re
import urllib.parse
from typing import Any

from tests.comparison.foreign.examples import DOCUMENT, resolve

NUMBERS = {
    "integer": re.compile(r"-?[0-9]{1,15}"),
    "number": re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?"),
    "boolean": re.compile("true|false"),
}


class Refused(Exception):  # noqa: N818 - no error of ours
    """The request ends with this status."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.headers = headers


def decoded(part: str) -> str:
    if re.search("%(?![0-9a-fA-F]{2})", part):
        raise Refused(400)
    try:
        return urllib.parse.unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise Refused(400) from None


def routed(path: str) -> tuple[str, dict[str, str]]:
    """The template that fits, the one with the fewest parameters, and their texts."""
    parts = path.split("/")
    found: tuple[str, dict[str, str]] | None = None
    for template in DOCUMENT["paths"]:
        names = template.split("/")
        if len(names) != len(parts):
            continue
        values = {n: p for n, p in zip(names, parts, strict=True) if n[:1] == "{" and p}
        literal = [n if n in values else p for n, p in zip(names, parts, strict=True)]
        if literal == names and (found is None or len(values) < len(found[1])):
            found = template, values
    if found is None:
        raise Refused(404)
    return found[0], {name[1:-1]: decoded(p) for name, p in found[1].items()}


def queried(query: str) -> dict[str, str]:
    """The query; of a name that stands twice the first counts."""
    found: dict[str, str] = {}
    for pair in query.split("&") if query else []:
        name, _, value = pair.replace("+", " ").partition("=")
        found.setdefault(decoded(name), decoded(value))
    return found


def check(parameter: Any, value: str | None) -> None:
    schema = resolve(parameter["schema"])
    if value is None:
        if parameter.get("required"):
            raise Refused(400)
        return
    kind = schema.get("type")
    if kind in NUMBERS and not NUMBERS[kind].fullmatch(value):
        raise Refused(400)
    if kind == "integer" and not (
        schema.get("minimum", -1e15) <= int(value) <= schema.get("maximum", 1e15)
    ):
        raise Refused(400)
    if "enum" in schema and value not in schema["enum"]:
        raise Refused(400)
