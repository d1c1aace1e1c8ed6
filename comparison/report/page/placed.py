"""A reply as lines, each with the place by which a difference names it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from comparison.printable import printable
from comparison.report import excerpt

# What a difference is in; a body that is no JSON has no places within.
Part = Literal["status", "header", "body", "note"]
MOST_LINES = 400


@dataclass(frozen=True)
class Line:
    """`where` is a header's name in small letters, or a JSON path.

    The first `begin` letters of `text` only name or indent what follows.
    """

    part: Part
    where: str
    text: str
    begin: int = 0


def lines(said: Mapping[str, Any]) -> list[Line]:
    """A reply as it came: status, headers, body; or what failed. Cut where it is long.

    `said` is the reply of a finding, as JSON.
    """
    found: list[Line] = []
    room = excerpt.MOST_OF_A_BODY
    for one in _lines(said):
        room -= len(one.text) if one.part == "body" else 0
        if room < 0 or len(found) == MOST_LINES:
            found.append(Line("note", "", "… and more"))
            break
        found.append(one)
    return found


def _lines(said: Mapping[str, Any]) -> Iterator[Line]:
    status = said.get("status")
    failure = said.get("failure", "no reply")
    if status is None:
        yield Line("status", "", excerpt.line(failure))
    else:
        yield Line("status", "", f"HTTP {status}", len("HTTP "))
    headers = said.get("headers", [])
    for name, value in headers[: excerpt.MOST_HEADERS]:
        named = excerpt.line(f"{name}: ")
        text = excerpt.line(f"{name}: {value}")
        yield Line("header", str(name).lower(), text, len(named))
    if len(headers) > excerpt.MOST_HEADERS:
        left = len(headers) - excerpt.MOST_HEADERS
        yield Line("note", "", f"… and {left} more headers")
    body = said.get("body")
    if body is None or body == "":
        return
    yield Line("note", "", "")
    if isinstance(body, str):
        text = printable(excerpt.cut(body, excerpt.MOST_OF_A_BODY - 100))
        yield from (Line("body", "", line) for line in text.splitlines())
    else:
        yield from _json(body, "", "", "", "")


def _json(value: Any, where: str, indent: str, key: str, end: str) -> Iterator[Line]:
    """The lines of a JSON value; `key` stands before it, `end` behind it."""
    begin = len(indent) + len(key)
    if not isinstance(value, dict | list) or not value:
        text = printable(json.dumps(value, ensure_ascii=False), keep="")
        text = excerpt.cut(text, excerpt.MOST_OF_A_LINE)
        yield Line("body", where, f"{indent}{key}{text}{end}", begin)
        return
    is_object = isinstance(value, dict)
    yield Line("body", where, f"{indent}{key}{'{' if is_object else '['}", begin)
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    for number, (name, item) in enumerate(items, 1):
        named = printable(json.dumps(name, ensure_ascii=False), keep="")
        yield from _json(
            item,
            f"{where}/{name}",
            f"{indent}  ",
            f"{named}: " if is_object else "",
            "," if number < len(items) else "",
        )
    text = f"{indent}{'}' if is_object else ']'}{end}"
    yield Line("body", where, text, len(indent))
