"""Whether a reply keeps the contract: what OpenAPI says, and what a step expects."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.media import (
    base,
    documented,
    header_value,
    is_json,
    scalar_value,
)
from comparison.exchanges.asking import Asking
from comparison.exchanges.body import Broken, shown, unpaired
from comparison.exchanges.breach import Breach, place, short
from comparison.exchanges.exchange import Answer, Failure, Reply, Request
from comparison.exchanges.schemas import Schemas
from comparison.plans.plan import Step, Unbound, Values, fill, pointed

__all__ = ["Breach", "Expected", "Judge"]

CRASH = 500
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass
class Judge:
    """Validates replies; compiled schemas are kept."""

    contract: Contract
    schemas: Schemas = field(init=False)
    asking: Asking = field(init=False)

    def __post_init__(self) -> None:
        self.schemas = Schemas(self.contract)
        self.asking = Asking(self.schemas)

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
            text = f"the server failed: {answer.shown()}"
            found.append(Breach("status", "", text, "no request makes a server fail"))
        if operation is not None:
            found += self._documented(operation, request, answer, expected.step)
        return found

    def _documented(
        self, operation: Operation, request: Request, reply: Reply, step: Step
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
        # A reply to HEAD has the headers of another, and never a body.
        if request.method != "HEAD":
            yield from self._content(response.get("content"), reply, where)
        yield from self.asking.breaches(operation, request, reply, step)

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
            if errors := self.schemas.errors(schema, read):
                text = f"{name}: {errors[0].message}"
                yield Breach("header", name.lower(), text, where)

    def _content(
        self, content: Mapping[str, Any] | None, reply: Reply, where: str
    ) -> Iterator[Breach]:
        if content:
            yield from self._body(content, reply, where)
        elif reply.body:
            text = f"a body of {len(reply.body)} bytes where there is none"
            yield Breach("schema", "", text, where)
        elif media := reply.header("content-type"):
            text = f"Content-Type {media} without a body"
            yield Breach("header", "content-type", text, where)

    def _body(
        self, content: Mapping[str, Any], reply: Reply, where: str
    ) -> Iterator[Breach]:
        sent = reply.header("content-type") or "(absent)"
        media = documented(content, sent)
        if media is None:
            text = f"media type {sent} is not documented"
            yield Breach("media-type", "content-type", text, where)
            return
        schema = media.get("schema", True)
        if is_json(sent):
            body = reply.json
        elif base(sent).startswith("text/"):
            text = reply.body.decode("utf-8", "replace")
            body = scalar_value(schema, text, self.contract.resolve)
        else:
            return  # Of what is neither JSON nor text a schema says nothing.
        if isinstance(body, Broken):
            yield Breach("schema", "", f"the body is {body.reason}", where)
            return
        half = next(unpaired(body), None) if _SURROGATE.search(reply.body) else None
        if half is not None:
            # Nothing else can be said of what no validator can take.
            text = "is no Unicode text: it has an unpaired surrogate"
            yield Breach("schema", half, text, where)
            return
        for error in self.schemas.errors(schema, body):
            yield Breach("schema", place(error.instance_path), short(error), where)


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
                text = f"{reply.shown()}, not {shown(expected, 200)}"
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
