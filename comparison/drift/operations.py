"""What one operation is sent and answers, by the contract and by a document."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.direction import REPLY, REQUEST
from comparison.contracts.media import base, is_json
from comparison.drift.record import Found, Where
from comparison.drift.schemas import Schemas
from comparison.drift.security import alternatives

# What OpenAPI has other words for: these say nothing as parameters and headers.
_ELSEWHERE = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
Objects = Mapping[str, Mapping[str, Any]]


class Comparison:
    """A contract and a document, operation by operation."""

    def __init__(self, contract: Contract, document: Contract) -> None:
        self.contract, self.document = contract, document
        self.schemas = Schemas(contract.resolve, document.resolve)

    def found(self, ours: Operation, theirs: Operation) -> Found:
        """What differs between two descriptions of one operation."""
        found = Found()
        self._operation_id(ours, theirs, found)
        found.tell_each(
            ("security",),
            alternatives(self.contract, ours),
            alternatives(self.document, theirs),
        )
        self._parameters(ours, theirs, found)
        self._request(ours.definition, theirs.definition, found)
        self._responses(ours.definition, theirs.definition, found)
        return found

    def _operation_id(self, ours: Operation, theirs: Operation, found: Found) -> None:
        said = [one.definition.get("operationId") for one in (ours, theirs)]
        if said[0] != said[1]:
            found.tell(("operationId",), *(s and str(s) for s in said))

    def _parameters(self, ours: Operation, theirs: Operation, found: Found) -> None:
        # The names in a path are nobody's business but the document's own.
        names = dict(zip(theirs.template.names, ours.template.names, strict=True))
        one = dict(_parameters(self.contract, ours, {}))
        other = dict(_parameters(self.document, theirs, names))
        for label in {**one, **other}:
            self._parameter((label,), one.get(label), other.get(label), found)

    def _parameter(
        self,
        where: Where,
        ours: Mapping[str, Any] | None,
        theirs: Mapping[str, Any] | None,
        found: Found,
    ) -> None:
        if ours is None or theirs is None:
            found.tell(where, _need(ours), _need(theirs))
            return
        if _need(ours) != _need(theirs):
            found.tell(where, _need(ours), _need(theirs))
        for name in ("style", "explode"):
            said = [_written(one)[name] for one in (ours, theirs)]
            if said[0] != said[1]:
                found.tell((*where, name), *said)
        if "content" in ours or "content" in theirs:
            self._content(where, ours, theirs, REQUEST, found)
        else:
            mine, yours = (_not_null(one.get("schema")) for one in (ours, theirs))
            self.schemas.compare(mine, yours, where, REQUEST, found)

    def _request(
        self, ours: Mapping[str, Any], theirs: Mapping[str, Any], found: Found
    ) -> None:
        one = self.contract.resolve(ours.get("requestBody"))
        other = self.document.resolve(theirs.get("requestBody"))
        where = ("request body",)
        if _need(one) != _need(other):
            found.tell(where, _need(one), _need(other))
        if one is not None and other is not None:
            self._content(where, one, other, REQUEST, found)

    def _responses(
        self, ours: Mapping[str, Any], theirs: Mapping[str, Any], found: Found
    ) -> None:
        one, other = _responses(ours), _responses(theirs)
        for status in sorted({*one, *other}):
            where = (f"response {status}",)
            mine, yours = _fitting(one, status), _fitting(other, status)
            mine, yours = self.contract.resolve(mine), self.document.resolve(yours)
            if mine is None or yours is None:
                said = (self._body(mine, ours=True), self._body(yours, ours=False))
                found.tell(where, *said)
                continue
            self._headers(where, mine, yours, found)
            self._content(where, mine, yours, REPLY, found)

    def _body(self, response: Mapping[str, Any] | None, *, ours: bool) -> str | None:
        """What a response has as its body, in a few words."""
        if response is None:
            return None
        every = _content(response)
        media = every.get("application/json") or next(iter(every.values()), None)
        if media is None:
            return "without a body"
        return self.schemas.described(media.get("schema"), REPLY, ours=ours)

    def _headers(
        self,
        above: Where,
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        found: Found,
    ) -> None:
        one = dict(_headers(ours.get("headers", {}), self.contract))
        other = dict(_headers(theirs.get("headers", {}), self.document))
        for name in {**one, **other}:
            where = (*above, f"header {name}")
            mine, yours = one.get(name), other.get(name)
            if _need(mine) != _need(yours):
                found.tell(where, _need(mine), _need(yours))
            if mine is not None and yours is not None:
                schemas = (mine.get("schema"), yours.get("schema"))
                self.schemas.compare(*schemas, where, REPLY, found)

    def _content(
        self,
        where: Where,
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        absent: str,
        found: Found,
    ) -> None:
        one, other = _content(ours), _content(theirs)
        for media in {**one, **other}:
            if media not in one or media not in other:
                said = (media if media in some else None for some in (one, other))
                found.tell((*where, "media type"), *said)
                continue
            below = where if is_json(media) else (*where, media)
            schemas = (one[media].get("schema"), other[media].get("schema"))
            self.schemas.compare(*schemas, below, absent, found)


def _parameters(
    document: Contract, operation: Operation, names: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every parameter by what it is called: `query parameter limit`."""
    item = document.document["paths"].get(operation.path, {})
    for node in (item, operation.definition):
        for entry in node.get("parameters", ()):
            one = document.resolve(entry)
            place, name = str(one.get("in")), str(one.get("name"))
            if place == "header":
                name = name.lower()
                if name in _ELSEWHERE:
                    continue
            if place == "path":
                name = names.get(name, name)
            yield f"{place} parameter {name}", one


def _need(found: Mapping[str, Any] | None) -> str | None:
    if found is None:
        return None
    return "required" if found.get("required") is True else "optional"


def _written(parameter: Mapping[str, Any]) -> dict[str, str]:
    """How a value is written; it matters for arrays and objects alone."""
    style = str(parameter.get("style") or _STYLES.get(str(parameter.get("in")), ""))
    explode = parameter.get("explode", style == "form")
    return {"style": style, "explode": str(explode).lower()}


def _not_null(schema: Any) -> Any:
    """A schema without null, which nobody can write in a path or a query."""
    if not isinstance(schema, Mapping):
        return schema
    for union in ("anyOf", "oneOf"):
        if isinstance(schema.get(union), list):
            rest = [one for one in schema[union] if one != {"type": "null"}]
            schema = {**schema, union: rest}
    if isinstance(schema.get("type"), list):
        schema = {**schema, "type": [one for one in schema["type"] if one != "null"]}
    return schema


def _responses(definition: Mapping[str, Any]) -> dict[str, Any]:
    """By status, of which the letters of a range are capitals."""
    every = definition.get("responses", {})
    return {
        name if name == "default" else name.upper(): one
        for name, one in every.items()
        if not name.startswith("x-")
    }


def _fitting(responses: Mapping[str, Any], status: str) -> Any:
    """What is said of a status, also by a range, or by what is said of all others."""
    keys = (status, f"{status[:1]}XX", "default")
    return next((responses[key] for key in keys if key in responses), None)


def _headers(
    headers: Objects, document: Contract
) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for name, header in headers.items():
        if name.lower() not in _ELSEWHERE:
            yield name.lower(), document.resolve(header)


def _content(holder: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Media types without their parameters."""
    return {base(media): one for media, one in holder.get("content", {}).items()}
