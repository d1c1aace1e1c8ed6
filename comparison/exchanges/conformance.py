"""Whether a reply keeps the contract: what OpenAPI says, and what a step expects."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.direction import REPLY, directed
from comparison.contracts.media import base, documented, header_value, is_json
from comparison.exchanges.body import Broken, parsed, shown
from comparison.exchanges.exchange import Answer, Failure, Reply, Request
from comparison.plans.plan import Step, Unbound, Values, fill, pointed

MOST_ERRORS = 3
CRASH = 500


@dataclass(frozen=True)
class Breach:
    """One way in which a reply breaks the contract.

    Kinds: broken, status, media-type, header, schema, request (accepts what the schema
    refuses, or the other way round), written (a scenario expects something else).
    """

    kind: str
    where: str
    message: str
    rule: str


@dataclass
class Judge:
    """Validates replies; compiled schemas are kept."""

    contract: Contract
    _validators: dict[tuple[int, bool], Any] = field(default_factory=dict)

    def breaches(
        self,
        operation: Operation | None,
        request: Request,
        answer: Answer,
        expected: "Expected",
    ) -> list[Breach]:
        """All breaches in one answer; none means that it conforms."""
        if isinstance(answer, Failure):
            return [Breach("broken", "", answer.text, "every request gets a reply")]
        found = list(expected.breaches(answer))
        # A contract documents 500 for clients; that makes no crash a right answer.
        if answer.status == CRASH:
            text = f"the server failed: {_text(answer)}"
            found.append(Breach("status", "", text, "no request makes a server fail"))
        if operation is not None:
            bound = "{" not in operation.path or "${" in expected.step.request
            found += self._documented(operation, request, answer, bound)
        return found

    def _documented(
        self, operation: Operation, request: Request, reply: Reply, bound: bool
    ) -> Iterator[Breach]:
        where = f"{operation.id} → {reply.status}"
        response = self.contract.response(operation, reply.status)
        if response is None and reply.status == CRASH:
            return
        if response is None:
            text = f"status {reply.status} is not documented"
            yield Breach("status", "", text, f"{operation.id} → responses")
            return
        yield from self._headers(response, reply, where)
        content = response.get("content")
        if content:
            yield from self._content(content, reply, where)
        elif reply.body:
            text = f"a body of {len(reply.body)} bytes where there is none"
            yield Breach("schema", "", text, where)
        elif media := reply.header("content-type"):
            text = f"Content-Type {media} without a body"
            yield Breach("header", "content-type", text, where)
        yield from self._request(operation, request, reply, bound)

    def _headers(
        self, response: Mapping[str, Any], reply: Reply, where: str
    ) -> Iterator[Breach]:
        for name, reference in response.get("headers", {}).items():
            header = self.contract.resolve(reference)
            value = reply.header(name)
            if value is None:
                if header.get("required"):
                    yield Breach("header", name.lower(), f"{name} is missing", where)
                continue
            schema = header.get("schema", True)
            read = header_value(schema, value, self.contract.resolve)
            if errors := self._errors(schema, read):
                text = f"{name}: {errors[0].message}"
                yield Breach("header", name.lower(), text, where)

    def _content(
        self, content: Mapping[str, Any], reply: Reply, where: str
    ) -> Iterator[Breach]:
        sent = reply.header("content-type") or "(absent)"
        media = documented(content, sent)
        if media is None:
            text = f"media type {sent} is not documented"
            yield Breach("media-type", "content-type", text, where)
            return
        if not is_json(sent):
            # Of what is neither JSON nor text a schema says nothing.
            if not base(sent).startswith("text/"):
                return
            body: Any = reply.body.decode("utf-8", "replace")
        else:
            body = reply.json
        if isinstance(body, Broken):
            yield Breach("schema", "", f"the body is {body.reason}", where)
            return
        for error in self._errors(media.get("schema", True), body):
            yield Breach("schema", _place(error.instance_path), _short(error), where)

    def _request(
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
            errors = self._errors(schema, body, sent=True)
        except ValueError:
            return  # An unpaired surrogate: no schema can say anything of it.
        rule = f"{operation.id} → requestBody"
        if errors and reply.status < 300:  # noqa: PLR2004
            text = f"accepts a body that the schema refuses: {_short(errors[0])}"
            yield Breach("request", _place(errors[0].instance_path), text, rule)
        alone = bound and "?" not in request.target
        if not errors and reply.status == 422 and alone:  # noqa: PLR2004
            text = f"refuses a body that the schema allows: {_text(reply)}"
            yield Breach("request", "", text, rule)

    def _errors(self, schema: Any, value: Any, sent: bool = False) -> list[Any]:
        """How `value` breaks `schema`, as replies mean it, or as what is `sent`."""
        # The document outlives the judge, so that no other schema gets this number.
        key = id(schema), sent
        if key not in self._validators:
            contract = self.contract
            if sent:
                components = contract.request_components
            else:
                components = contract.reply_components
                schema = directed(schema, REPLY, contract.resolve)
            whole = {"allOf": [schema], "components": components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                whole, validate_formats=True
            )
        errors = self._validators[key].iter_errors(value)
        return [error for error, _ in zip(errors, range(MOST_ERRORS), strict=False)]


@dataclass(frozen=True)
class Expected:
    """What a written step says of the reply, for one stack's values."""

    step: Step
    values: Values
    rules: tuple[str, ...] = ()

    def breaches(self, reply: Reply) -> Iterator[Breach]:
        """Where the reply is another than the step says."""
        status = self.step.status
        if status is not None and reply.status != status:
            yield self._breach("status", f"status {reply.status}, not {status}")
            return
        for name, value in self.step.sends.items():
            if reply.header(name) != value:
                found = reply.header(name)
                text = f"{name} is {found or 'absent'}, not {value or 'absent'}"
                yield self._breach(name.lower(), text)
        yield from self._body(reply)

    def _body(self, reply: Reply) -> Iterator[Breach]:
        step = self.step
        if step.errors is None and not step.holds:
            return
        body = reply.json
        if step.errors is not None:
            expected = {"errors": {key: [text] for key, text in step.errors.items()}}
            if body != expected and step.method != "HEAD":
                text = f"{_text(reply)}, not {shown(expected, 200)}"
                yield self._breach("/errors", text)
        for pointer, value in step.holds.items():
            try:
                wanted = fill(value, self.values)
                found = pointed(body, pointer)
            except Unbound:
                yield self._breach(pointer, "is absent or cannot be compared")
                continue
            if not _equal(found, wanted):
                text = f"{shown(found)}, not {shown(wanted)}"
                yield self._breach(pointer, text)

    def _breach(self, where: str, text: str) -> Breach:
        # A scenario exercises several rules, and cannot tell which of them is broken.
        one_of = "rule" if len(self.rules) == 1 else "one of the rules"
        return Breach("written", where, text, f"{one_of} {' '.join(self.rules)}")


def _equal(found: Any, wanted: Any) -> bool:
    """Equality that tells true from 1."""
    return json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def _place(path: list[Any]) -> str:
    return "".join(f"/{'*' if isinstance(part, int) else part}" for part in path)


def _short(error: Any) -> str:
    text = " ".join(str(error.message).split())
    return text if len(text) <= 160 else text[:100] + " … " + text[-56:]  # noqa: PLR2004


def _text(reply: Reply) -> str:
    text = reply.body[:120].decode("utf-8", "replace")
    return text or "an empty body"
