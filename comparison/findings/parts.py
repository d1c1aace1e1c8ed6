"""What the requests of a plan are made of: what may go, and what may be simpler."""

import json
import urllib.parse
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from comparison.plans.plan import PLACEHOLDER, Plan, Step, fill

# A body that is nested deeper is one value: nobody reads it as a tree.
MOST_LEVELS = 64
# A text of one character that is longer is written as `${repeat X N}`.
LONG = 64

Path = tuple[str | int, ...]


class Nothing:
    """Where no value is: null is one."""


NOTHING = Nothing()


@dataclass(frozen=True)
class Part:
    """A piece of the request of step number `step`.

    `path` is the number of a query parameter or of a path segment, the name of a
    header, or the keys and indexes that lead to a place in the body: none for the
    whole of it.
    """

    step: int
    kind: Literal["query", "header", "body", "segment"]
    path: Path = ()


def size(plan: Plan) -> int:
    """How big a plan is: its steps, query parameters, headers and leaves of bodies."""
    return sum(
        1 + len(_query(step)) + len(step.headers) + len(list(_leaves(body(step))))
        for step in plan.steps
    )


def body(step: Step) -> Any:
    """The body as a JSON value where it is one, else as text; `NOTHING` for none.

    Bytes are text of one character each.
    """
    if step.json:
        return step.json[0]
    if step.hex is not None:
        return bytes.fromhex(step.hex).decode("latin-1")
    if step.text is None:
        return NOTHING
    return _json(step.text, step.text)


def parameters(plan: Plan, step: int) -> list[Part]:
    """The query parameters of a step."""
    count = len(_query(plan.steps[step]))
    return [Part(step, "query", (number,)) for number in range(count)]


def headers(plan: Plan, step: int) -> list[Part]:
    """The headers that a step adds, changes or leaves out."""
    return [Part(step, "header", (name,)) for name in plan.steps[step].headers]


def members(plan: Plan, step: int, depth: int) -> list[Part]:
    """Every key and item of the body that is so deep; depth 0 is the body itself."""
    whole = body(plan.steps[step])
    places: list[tuple[Path, Any]] = [] if whole is NOTHING else [((), whole)]
    for _ in range(depth):
        places = [
            ((*path, key), item)
            for path, value in places
            for key, item in _children(value)
        ]
    return [Part(step, "body", path) for path, _ in places]


def values(plan: Plan, step: int) -> Iterator[tuple[Part, Any]]:
    """Every value in the request of a step, but those that come from a reply."""
    found = plan.steps[step]
    for number, segment in enumerate(_path(found).split("/")):
        # Any other segment is part of the contract, or short enough.
        if "%" in segment:
            yield Part(step, "segment", (number,)), _decoded(segment)
    for number, (_, mark, value) in enumerate(_query(found)):
        if mark and not PLACEHOLDER.search(value):
            yield Part(step, "query", (number,)), _decoded(value.replace("+", " "))
    for path, value in _leaves(body(found)):
        if not (isinstance(value, str) and PLACEHOLDER.search(value)):
            yield Part(step, "body", path), value
        elif all(at["text"] for at in PLACEHOLDER.finditer(value)):
            # A text that is only written short.
            yield Part(step, "body", path), fill(value, {})


def without(plan: Plan, parts: Collection[Part]) -> Plan:
    """The plan without these parts."""
    return changed(plan, dict.fromkeys(parts, NOTHING))


def changed(plan: Plan, new: Mapping[Part, Any]) -> Plan:
    """The plan with other values at these parts.

    What was written of a reply was written of the whole request, and goes with it.
    """
    steps = list(plan.steps)
    for number in {part.step for part in new}:
        mine = {part: value for part, value in new.items() if part.step == number}
        steps[number] = _changed(unexpecting(steps[number]), mine)
    return replace(plan, steps=tuple(steps))


def unexpecting(step: Step) -> Step:
    """The step without what was written of its reply."""
    return replace(step, status=None, errors=None, holds={}, sends={})


def _changed(step: Step, new: Mapping[Part, Any]) -> Step:
    names = {part.path[0] for part in new if part.kind == "header"}
    kept = {name: text for name, text in step.headers.items() if name not in names}
    short = _short if step.json else _as_it_is
    places = {p.path: short(value) for p, value in new.items() if p.kind == "body"}
    target = {p: v for p, v in new.items() if p.kind in ("query", "segment")}
    step = replace(step, headers=kept)
    if places:
        step = _with_body(step, _rebuilt(body(step), (), places))
    return replace(step, request=_request(step, target)) if target else step


def _short(value: Any) -> Any:
    """A long text of one character as plans write it."""
    if isinstance(value, str) and len(value) > LONG and value == value[0] * len(value):
        return value if value[0].isspace() else f"${{repeat {value[0]} {len(value)}}}"
    return value


def _as_it_is(value: Any) -> Any:
    return value


def _request(step: Step, new: Mapping[Part, Any]) -> str:
    segments = _path(step).split("/")
    query = ["".join(pair) for pair in _query(step)]
    gone = set()
    for part, value in new.items():
        number = int(part.path[0])
        if value is NOTHING:
            gone.add(number)
            continue
        text = urllib.parse.quote(str(value), safe="", errors="surrogateescape")
        if part.kind == "segment":
            segments[number] = text
        else:
            query[number] = f"{_query(step)[number][0]}={text}"
    kept = "&".join(pair for number, pair in enumerate(query) if number not in gone)
    return f"{step.method} {'/'.join(segments)}{'?' + kept if kept else ''}"


def _with_body(step: Step, value: Any) -> Step:
    if value is NOTHING:
        return replace(step, json=(), text=None, hex=None)
    if step.json:
        return replace(step, json=(value,))
    if step.hex is not None:
        return replace(step, hex=str(value).encode("latin-1", "replace").hex())
    text = step.text or ""
    if _json(text, NOTHING) is NOTHING:
        return replace(step, text=str(value))
    return replace(step, text=json.dumps(value, ensure_ascii=text.isascii()))


def _rebuilt(value: Any, path: Path, new: Mapping[Path, Any]) -> Any:
    """A JSON value with other values at some places, or with some places gone."""
    if path in new:
        return new[path]
    if not isinstance(value, dict | list):
        return value
    items = [(key, _rebuilt(item, (*path, key), new)) for key, item in _children(value)]
    left = [(key, item) for key, item in items if item is not NOTHING]
    return dict(left) if isinstance(value, dict) else [item for _, item in left]


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict | list) and value:
        for key, item in _children(value):
            yield from _leaves(item, (*path, key))
    elif value is not NOTHING:
        yield path, value


def _children(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _json(text: str, other: Any) -> Any:
    """The JSON value of a text; `other` where it is none, or could not be written."""
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return other
    return value if _is_shallow(value) else other


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [item for one in level for _, item in _children(one)]
        if not level:
            return True
    return False


def _path(step: Step) -> str:
    return step.target.partition("?")[0]


def _query(step: Step) -> list[tuple[str, str, str]]:
    query = step.target.partition("?")[2]
    return [pair.partition("=") for pair in query.split("&")] if query else []


def _decoded(text: str) -> str:
    return urllib.parse.unquote(text, errors="surrogateescape")
