"""What a test asserts where stacks differ: that which the right one answered.

What a stack minted cannot be expected literally: its form and its order are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from comparison.exchanges.instants import TIME
from comparison.exchanges.normalise import SUFFIX, UUID
from comparison.export.code import layout, literal, quoted, template
from comparison.export.places import ABSENT, at, concrete, path
from comparison.findings.results import Finding
from comparison.plans.plan import PLACEHOLDER

_TYPES = {str: "str", float: "float", bool: "bool", dict: "dict", list: "list"}
# What the engine writes for `${unique}` and `${run}`.
_STAMP = re.compile(r"u[0-9a-f]{4,}\d{4}|\bw[0-9a-f]{4}\b")
_RELATIONS = {
    "as the first": "==",
    "after the first": ">",
    "earlier than the first": "<",
}


@dataclass(frozen=True)
class Sides:
    """A finding, the stack that is right, one that is not, and texts of the plan."""

    finding: Finding
    right: str
    wrong: str
    templates: Sequence[str] = ()

    def reply(self, name: str) -> dict[str, Any]:
        """What a stack answered."""
        return self.finding.replies.get(name, {})

    @property
    def expected(self) -> str:
        """What the right one gave, as the engine shows it."""
        return self.finding.values[self.finding.stacks.index(self.right)]


def sides(finding: Finding, templates: Sequence[str]) -> Sides:
    """Who is right: one that keeps the contract, else the reference."""
    every = [name for group in finding.groups for name in group]
    kept = [name for name in every if name not in finding.blamed]
    right = kept[0] if kept else every[0]
    own = next(group for group in finding.groups if right in group)
    wrong = next(name for name in every if name not in own)
    return Sides(finding, right, wrong, templates)


def checks(one: Sides) -> Iterator[str]:
    """The lines of the assertions, or of a skip that says why there is none."""
    finding = one.finding
    kind, status = finding.kind, one.reply(one.right).get("status")
    if status is None:
        yield _skip("The stack that is right gave no reply in the recorded run")
    elif kind in {"status", "broken"}:
        yield f"assert reply.status_code == {status}, message"
    elif kind in {"header", "media-type"}:
        yield _header(one, finding.where)
    elif kind == "surplus":
        yield 'assert surplus(method, target) == b"", message'
    elif finding.where == "body" or kind in {"not-json", "duplicate-key"}:
        yield from _whole(one)
    else:
        yield from _value(one)


def _header(one: Sides, name: str) -> str:
    pairs = one.reply(one.right).get("headers", [])
    values = [value for key, value in pairs if key.lower() == name.lower()]
    if not values:
        return f"assert {quoted(name)} not in reply.headers, message"
    value, got = ", ".join(values), f"reply.headers.get({quoted(name)})"
    if name == "content-length":
        # Whether it says that there is nothing; its size is that of the JSON's writing.
        if value == "0":
            return f'assert {got} == "0", message'
        return f'assert reply.headers.get({quoted(name)}, "0") != "0", message'
    if UUID.fullmatch(value) or "***" in value or _STAMP.search(value):
        return f"assert {quoted(name)} in reply.headers, message"
    return f"assert {got} == {quoted(value)}, message"


def _whole(one: Sides) -> Iterator[str]:
    said, body = one.expected, one.reply(one.right).get("body")
    if said == "empty":
        yield 'assert reply.content == b"", message'
    elif isinstance(body, str) and said != "JSON":
        yield f"assert reply.text == {quoted(body)}, message"
    else:
        yield "assert is_json(reply.content), message"


def _value(one: Sides) -> Iterator[str]:
    bodies = [one.reply(name).get("body") for name in (one.right, one.wrong)]
    parts = concrete(one.finding.where.split("/")[1:], bodies[0], bodies[1])
    value = at(bodies[0], parts)
    if one.finding.kind in {"missing", "extra"}:
        absent = " not" if value is ABSENT else ""
        yield f"assert {quoted(str(parts[-1]))}{absent} in {path(parts[:-1])}, message"
        return
    if value is ABSENT:
        yield _skip("The reply of the recorded run was too long to be kept whole")
        return
    yield f"found = {path(parts)}"
    if one.finding.kind == "order":
        yield from _order(value, at(bodies[1], parts), one)
    elif one.finding.kind == "time":
        yield from _time(parts, one)
    else:
        yield from _scalar(value, one)


def _scalar(value: Any, one: Sides) -> Iterator[str]:
    kind = one.finding.kind
    if kind == "null":
        yield f"assert found is {'' if value is None else 'not '}None, message"
    elif kind == "length":
        yield f"assert len(found) == {len(value)}, message"
    elif kind == "format" or (isinstance(value, str) and TIME.fullmatch(value)):
        shape = re.sub(r"(\\d)+", _digits, re.sub(r"\d", r"\\d", _escaped(value)))
        yield f'assert re.fullmatch(r"{shape}", found), message'
    elif kind == "type" or one.expected.startswith(('"<', "<")):
        yield f"assert {_typed(value)}, message"
    else:
        yield from _equal("found", value, one)


def _equal(name: str, value: Any, one: Sides) -> Iterator[str]:
    """That something is the value, texts of the run replaced by those of the test."""
    if isinstance(value, str) and (fits := _template(value, one.templates)):
        yield f"assert {name} == {fits}, message"
    elif isinstance(value, str) and _STAMP.search(value):
        pattern = r"\w+".join(map(_escaped, _STAMP.split(value)))
        yield f"assert re.fullmatch({quoted(pattern)}, {name}), message"
    elif value is None or isinstance(value, bool):
        yield f"assert {name} is {value}, message"
    else:
        code = literal(
            value, lambda text: _template(text, one.templates) or quoted(text)
        )
        yield f"expected = {layout(code, 4, 15)}"
        yield f"assert {name} == expected, message"


def _order(right: Any, wrong: Any, one: Sides) -> Iterator[str]:
    """That items rise or fall, if those of the wrong one don't; else their texts."""
    if not all(isinstance(item, dict) for item in right):
        yield from _equal("found", right, one)
        return
    for key in right[0] if right else ():
        columns = [[item.get(key) for item in items] for items in (right, wrong)]
        if not all(isinstance(v, str | int) for column in columns for v in column):
            continue
        if len({type(v) for column in columns for v in column}) != 1:
            continue
        minted = isinstance(columns[0][0], int) or TIME.fullmatch(columns[0][0])
        for falls in (False, True):
            is_so = [column == sorted(column, reverse=falls) for column in columns]
            if is_so == [True, False] and minted:
                yield f"order = [item[{quoted(key)}] for item in found]"
                end = ", reverse=True" if falls else ""
                yield f"assert order == sorted(order{end}), message"
                return
    for key in right[0] if right else ():
        columns = [[item.get(key) for item in items] for items in (right, wrong)]
        if columns[0] != columns[1] and all(map(_is_fixed, columns[0])):
            yield f"order = [item[{quoted(key)}] for item in found]"
            yield from _equal("order", columns[0], one)
            return
    yield _skip("The order follows no value that can be named")


def _time(parts: Sequence[str | int], one: Sides) -> Iterator[str]:
    relation = next(
        (sign for said, sign in _RELATIONS.items() if said in one.expected), ""
    )
    parent = at(one.reply(one.right).get("body"), parts[:-1])
    times = [
        key
        for key in sorted(parent if isinstance(parent, dict) else ())
        if isinstance(parent[key], str) and TIME.fullmatch(parent[key])
    ]
    if not relation or not times or times[0] == parts[-1]:
        yield _skip(f"What is right is told by earlier replies: {one.expected}")
        return
    first = path([*parts[:-1], times[0]])
    # Two times of one moment may be written at once or one after the other.
    sign = relation if relation == "==" else f"{relation}="
    yield f"assert found {sign} {first}, message"


def _is_fixed(value: Any) -> bool:
    """Whether a text is the same in every run."""
    minted = (TIME, UUID, SUFFIX)
    return isinstance(value, str) and not (
        _STAMP.search(value) or any(shape.fullmatch(value) for shape in minted)
    )


def _typed(value: Any) -> str:
    if type(value) is int:
        return "type(found) is int"
    if value is None:
        return "found is None"
    return f"isinstance(found, {_TYPES[type(value)]})"


def _template(text: str, templates: Sequence[str]) -> str | None:
    """An expression for a text that was made of a text of the plan."""
    for one in templates:
        parts = [re.escape(part) for part in PLACEHOLDER.sub("\0", one).split("\0")]
        if re.fullmatch(r"\w+".join(parts), text):
            return template(one)
    return None


def _escaped(text: str) -> str:
    """A text as a pattern, without escapes that need none."""
    return re.sub(r"([\\.^$*+?{}\[\]()|])", r"\\\1", text)


def _digits(at: re.Match[str]) -> str:
    count = len(at[0]) // 2
    return r"\d" if count == 1 else rf"\d{{{count}}}"


def _skip(reason: str) -> str:
    return f"pytest.skip({quoted(reason + '.')})"
