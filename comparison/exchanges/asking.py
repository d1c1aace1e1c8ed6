"""What an answer says of its request: accepted though the contract refuses it, or not.

Of parameters only what is beyond doubt counts. How an empty text, `+1` or `01` are read
as a number is a matter of opinion, and so is everything with a `style` of its own.
"""

import hashlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.scalars import Undecided, clear, is_no_number, kinds
from comparison.exchanges.body import Broken, parsed, shown
from comparison.exchanges.breach import Breach, place, short
from comparison.exchanges.exchange import SUCCESS, Reply, Request
from comparison.exchanges.schemas import Schemas
from comparison.plans.plan import Step

# Every language has integers of so many digits, and holds them exactly.
LONGEST_NUMBER = 15
UNPROCESSABLE = 422
REFUSALS = frozenset({400, UNPROCESSABLE})
_NUMBERS = frozenset({"integer", "number"})
_SCALARS = _NUMBERS | {"boolean", "string"}
# The ways to write a scalar that everybody has.
_STYLES = {"query": "form", "path": "simple"}
# What says of a text which ones are taken; a format is no promise.
_TELLING = frozenset({"enum", "const", "pattern", "minLength", "maxLength"})
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class _Parameter:
    """A parameter in query or path; no `kind` where it is not to be judged."""

    name: str
    where: str
    kind: str
    schema: Any
    nullable: bool
    required: bool
    telling: bool


@dataclass
class Asking:
    """Judges requests by what became of them."""

    schemas: Schemas
    _parameters: dict[str, list[_Parameter]] = field(default_factory=dict)
    _taken: set[tuple[str, str, bytes]] = field(default_factory=set)

    @property
    def contract(self) -> Contract:
        """The contract that is judged by."""
        return self.schemas.contract

    def breaches(
        self, operation: Operation, request: Request, reply: Reply, step: Step
    ) -> Iterator[Breach]:
        """What of the request should have been refused, or should not."""
        bound = "{" not in operation.path or "${" in step.target.partition("?")[0]
        yield from self._body(operation, request, reply, bound)
        if reply.status in SUCCESS:
            yield from self._accepted(operation, request)
        elif reply.status in REFUSALS and bound and not step.headers:
            yield from self._refused(operation, request)

    def _body(
        self, operation: Operation, request: Request, reply: Reply, bound: bool
    ) -> Iterator[Breach]:
        """A body is accepted that the schema refuses, or the other way round.

        A refusal counts only where path and query cannot be what was refused.
        """
        schema = self.contract.request_schema(operation)
        plain = ("Content-Type", "application/json") in request.headers
        if schema is None or not request.body or not plain:
            return
        body = parsed(request.body)
        if isinstance(body, Broken):
            return
        try:
            errors = self.schemas.errors(schema, body, sent=True)
        except UnicodeEncodeError:
            return  # No schema can say anything of what is no text.
        rule = f"{operation.id} → requestBody"
        if errors and reply.status in SUCCESS:
            text = f"accepts a body that the schema refuses: {short(errors[0])}"
            yield Breach("request", place(errors[0].instance_path), text, rule)
        anew = self._is_new(operation, request, reply)
        alone = bound and "?" not in request.target
        if not errors and reply.status == UNPROCESSABLE and alone and anew:
            text = f"refuses a body that the schema allows: {reply.shown()}"
            yield Breach("request", "", text, rule)

    def _is_new(self, operation: Operation, request: Request, reply: Reply) -> bool:
        """Whether this server has never taken this body.

        What it has taken before it refuses for what it knows now, not for the schema.
        """
        hosts = (value for name, value in request.headers if name == "Host")
        digest = hashlib.sha256(request.body or b"").digest()[:16]
        key = next(hosts, ""), operation.id, digest
        new = key not in self._taken
        if reply.status in SUCCESS:
            self._taken.add(key)
        return new

    def _accepted(self, operation: Operation, request: Request) -> Iterator[Breach]:
        sent = _sent(operation, request)
        for one in self._known(operation):
            text = sent.get((one.where, one.name))
            if text is None:
                continue
            try:
                reason = self._refusal(one, text)
            except Undecided:
                continue
            if reason:
                wordy = one.kind == "string" or is_no_number(text)
                said = shown(text) if wordy else text
                message = f"accepts {one.name}={said}, which the schema refuses"
                where = f"{one.where}.{one.name}"
                rule = f"{operation.id} → parameters → {one.name}"
                yield Breach("request", where, f"{message}: {reason}", rule)

    def _refused(self, operation: Operation, request: Request) -> Iterator[Breach]:
        """A refusal that nothing of a plain request explains."""
        query = request.target.partition("?")[2]
        if request.method != "GET" or request.body or not query:
            return
        sent = _sent(operation, request)
        headers = {("header", name.lower()) for name, _ in request.headers}
        known = {(one.where, one.name): one for one in self._known(operation)}
        there = {*sent, *headers}
        if any(one.required and at not in there for at, one in known.items()):
            return
        # What stands in the path exists, so that it is allowed.
        asked = {key: text for key, text in sent.items() if key[0] == "query"}
        try:
            allowed = asked.keys() <= known.keys() and all(
                text is not None and self._is_allowed(known[key], text)
                for key, text in asked.items()
            )
        except Undecided:
            return
        if allowed:
            text = f"refuses {query[:120]}, which the schema allows"
            rule = f"{operation.id} → parameters"
            yield Breach("request", "query", text, rule)

    def _refusal(self, one: _Parameter, text: str) -> str:
        """Why the schema refuses a text; empty if it does not. Raises `Undecided`."""
        if not one.kind or (one.nullable and text == "null"):
            raise Undecided
        if one.kind in _NUMBERS and is_no_number(text):
            return f"it is no {one.kind}"
        value = clear(one.kind, text)
        try:
            errors = self.schemas.errors(one.schema, value)
        except UnicodeEncodeError:
            raise Undecided from None
        if errors and all(error.schema_path[-1:] == ["format"] for error in errors):
            raise Undecided
        return short(errors[0]) if errors else ""

    def _is_allowed(self, one: _Parameter, text: str) -> bool:
        if one.kind == "string" and (not one.telling or _CONTROL.search(text)):
            raise Undecided
        if one.kind in _NUMBERS and len(text) > LONGEST_NUMBER:
            # No contract says so, and yet no server counts without end.
            raise Undecided
        return not self._refusal(one, text)

    def _known(self, operation: Operation) -> list[_Parameter]:
        if operation.id not in self._parameters:
            found = self.contract.parameters(operation)
            self._parameters[operation.id] = [self._parameter(one) for one in found]
        return self._parameters[operation.id]

    def _parameter(self, one: Mapping[str, Any]) -> _Parameter:
        where, resolve = one["in"], self.contract.resolve
        schema = resolve(one.get("schema", True))
        found = kinds(schema, resolve)
        plain = one.get("style", _STYLES.get(where)) == _STYLES.get(where)
        scalar = len(found - {"null"}) == 1 and found - {"null"} <= _SCALARS
        judged = where in _STYLES and plain and scalar and "schema" in one
        told = schema.keys() if isinstance(schema, Mapping) else set()
        return _Parameter(
            name=one["name"].lower() if where == "header" else one["name"],
            where=where,
            kind=next(iter(found - {"null"})) if judged else "",
            schema=schema,
            nullable="null" in found,
            required=bool(one.get("required")),
            telling="format" not in told and bool(_TELLING & told),
        )


def _sent(operation: Operation, request: Request) -> dict[tuple[str, str], str | None]:
    """What was sent by place and name; None where it can be read in several ways."""
    path, _, query = request.target.partition("?")
    found: dict[tuple[str, str], str | None] = {}
    for pair in filter(None, query.split("&")):
        name, mark, text = pair.partition("=")
        key = "query", _decoded(name.replace("+", " ")) or ""
        twice = key in found or not mark or ";" in text
        found[key] = None if twice else _decoded(text.replace("+", " "))
    template = operation.template
    # The base path of a stack may be any.
    whole = path.split("/")[-template.text.count("/") :]
    for name, text in template.values("/" + "/".join(whole)).items():
        value = _decoded(text)
        clean = value is not None and "/" not in value and value.strip(".")
        found["path", name] = value if clean else None
    return found


def _decoded(text: str) -> str | None:
    if _ESCAPE.search(text):
        return None
    try:
        return urllib.parse.unquote(text, errors="strict")
    except UnicodeDecodeError:
        return None
