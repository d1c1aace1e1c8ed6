"""Plans: steps to be asked of every stack, with placeholders for what each answered.

`${name.key}` stands for a value saved from an earlier reply of the same stack,
`${json name.key}` for the same as JSON has it, `${inner name.key}` for that without its
quotes, `${repeat X 3}` for XXX. A plan is JSON, so that it can be kept and read by a
person.
"""

import json
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.exchanges.exchange import Request, broken

PLACEHOLDER = re.compile(
    r"\$\{(?:repeat (?P<text>\S+) (?P<times>\d+)"
    r"|(?:(?P<json>json|inner) )?(?P<name>[^}]+))\}"
)
# Stands before a path that is not below the contract's base path: `~/health`.
OUTSIDE = "~"
# The id of the plan that makes the world; it cannot run twice on one stack.
WORLD = "world"


class Unbound(Exception):  # noqa: N818 - not an error: a plan that cannot go on
    """A placeholder has no value, because an earlier reply lacked it."""


@dataclass(frozen=True)
class Step:
    """One request, and what is known about its reply.

    `request` is "METHOD target"; the body is one of `json` (any JSON value, wrapped
    in a list of one, so that null is a body too), `text` and `hex`. `status`, `errors`,
    `holds` (JSON pointer to value) and `sends` (reply header to value) are expected.
    """

    request: str
    identity: str = "anonymous"
    headers: Mapping[str, str | None] = field(default_factory=dict)
    json: tuple[Any, ...] = ()
    text: str | None = None
    hex: str | None = None
    save: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    errors: Mapping[str, str] | None = None
    holds: Mapping[str, Any] = field(default_factory=dict)
    sends: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The request's method."""
        return self.request.split(" ", 1)[0]

    @property
    def target(self) -> str:
        """Path and query as written, with placeholders."""
        return self.request.split(" ", 1)[1]

    def as_json(self) -> dict[str, Any]:
        """The step without what is empty."""
        pairs = {**vars(self), "json": list(self.json)}
        return {
            key: value for key, value in pairs.items() if value not in ({}, [], None)
        }


@dataclass(frozen=True)
class Plan:
    """Steps that belong together; `rules` are those of the contract that it checks.

    `operation` names what the plan is about; the first `setup` steps only prepare. One
    that was `drawn` at random need not come to its end.
    """

    id: str
    steps: tuple[Step, ...]
    operation: str | None = None
    title: str = ""
    rules: tuple[str, ...] = ()
    setup: int = 0
    drawn: bool = False

    def as_json(self) -> dict[str, Any]:
        """The plan as JSON; `plan_from_json` reads it again."""
        return {
            "id": self.id,
            "operation": self.operation,
            "title": self.title,
            "rules": list(self.rules),
            "setup": self.setup,
            "drawn": self.drawn,
            "steps": [step.as_json() for step in self.steps],
        }


def plan_from_json(value: Mapping[str, Any]) -> Plan:
    """The plan that `Plan.as_json` made this of."""
    steps = tuple(map(step_from_json, value["steps"]))
    return Plan(
        id=value["id"],
        steps=steps,
        operation=value["operation"],
        title=value["title"],
        rules=tuple(value["rules"]),
        setup=value["setup"],
        drawn=value.get("drawn", False),
    )


def step_from_json(value: Mapping[str, Any]) -> Step:
    """The step that `Step.as_json` made this of."""
    return Step(**{**value, "json": tuple(value.get("json", ()))})


def canonical_step(step: Step) -> str:
    """JSON text that is the same for equal steps."""
    return json.dumps(step.as_json(), sort_keys=True)


Values = Mapping[str, Any]
NOTHING: Mapping[str, str | None] = {}


def literal(text: str) -> str:
    """`text` for a plan: what looks like a placeholder in it is none."""
    return text.replace("${", "${repeat $ 1}{")


def settled(step: Step, unique: str) -> Step:
    """The step as it was in one run of its plan, which had this `unique` text."""
    return step_from_json(
        json.loads(json.dumps(step.as_json()).replace("${unique}", unique))
    )


def fill(value: Any, values: Values, encode: Callable[[str], str] = str) -> Any:
    """`value` with every placeholder replaced, in texts and within JSON.

    A text that is nothing but one placeholder becomes the value itself, of its type.
    Raises `Unbound`.
    """
    if isinstance(value, str):
        whole = PLACEHOLDER.fullmatch(value)
        if whole and whole["name"] and encode is str:
            return lookup(whole["name"], values)
        return PLACEHOLDER.sub(lambda at: _text(at, values, encode), value)
    if isinstance(value, Mapping):
        return {fill(k, values): fill(v, values) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, values) for item in value]
    return value


def lookup(name: str, values: Values) -> Any:
    """The value of a dotted name. Raises `Unbound`."""
    found: Any = values
    for part in name.split("."):
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, Mapping) and part in found:
            found = found[part]
        else:
            raise Unbound(name)
    return found


def pointed(value: Any, pointer: str) -> Any:
    """What a JSON pointer leads to. Raises `Unbound` if it leads nowhere."""
    for escaped in pointer.split("/")[1:]:
        part = escaped.replace("~1", "/").replace("~0", "~")
        if _is_item(value, part):
            value = value[int(part)]
        elif isinstance(value, Mapping) and part in value:
            value = value[part]
        else:
            raise Unbound(pointer)
    return value


def build(
    step: Step,
    values: Values,
    host: str,
    base: str,
    extra: Mapping[str, str | None] = NOTHING,
) -> Request:
    """The request on the wire, with the values of one stack. Raises `Unbound`.

    `extra` headers (credentials, those of the stack) give way to those of the step.
    What a stack gave may hold a line break, and must not end a header.
    """
    body = _body(step, values)
    headers: dict[str, str | None] = {"Host": host, "Accept": "*/*"}
    if step.json or step.text is not None or step.hex is not None:
        headers["Content-Type"] = "application/json"
    if body is not None:
        headers["Content-Length"] = str(len(body))
    own = {
        name: None if value is None else str(fill(value, values))
        for name, value in step.headers.items()
    }
    for more in (extra, own):
        known = {name.lower(): name for name in headers}
        headers |= {known.get(k.lower(), k): value for k, value in more.items()}
    pairs = tuple((name, value) for name, value in headers.items() if value is not None)
    if why := broken(step.method, pairs):
        raise Unbound(f"a header that can be sent: {why}")
    return Request(step.method, target(step, values, base), pairs, body)


def target(step: Step, values: Values, base: str) -> str:
    """The step's target in ASCII, below `base` unless it begins with `~`."""
    filled = fill(step.target, values, lambda text: urllib.parse.quote(text, safe=""))
    text = str(filled)
    text = text[1:] if text.startswith(OUTSIDE) else base + text
    return urllib.parse.quote(text, safe="!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~")


def _text(at: re.Match[str], values: Values, encode: Callable[[str], str]) -> str:
    if at["text"]:
        return encode(at["text"] * int(at["times"]))
    value = lookup(at["name"], values)
    if at["json"] == "inner":
        return encode(json.dumps(str(value))[1:-1])
    return encode(json.dumps(value) if at["json"] else str(value))


def _body(step: Step, values: Values) -> bytes | None:
    if step.json:
        return json.dumps(fill(step.json[0], values)).encode()
    if step.text is not None:
        text = PLACEHOLDER.sub(lambda at: _text(at, values, str), step.text)
        return text.encode("utf-8", "surrogatepass")
    return None if step.hex is None else bytes.fromhex(step.hex)


def _is_item(value: Any, part: str) -> bool:
    return isinstance(value, list) and part.isdigit() and int(part) < len(value)
