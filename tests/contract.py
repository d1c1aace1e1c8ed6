"""What contract/openapi.yaml says of a reply, and whether a reply keeps it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import yaml

FOLDER = Path(__file__).parent.parent / "contract"
DOCUMENT: dict[str, Any] = yaml.safe_load(
    (FOLDER / "openapi.yaml").read_text(encoding="utf-8")
)
METHODS = ("get", "put", "post", "delete")
# Rules P9 and P10.
UNWANTED_HEADERS = ("server", "x-powered-by", "etag", "content-encoding")


class Operation(NamedTuple):
    id: str
    method: str
    path: str
    responses: dict[str, Any]


class Exchange(NamedTuple):
    """A request and the reply to it, from whatever client."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes


def _operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                document = item[method]
                yield Operation(
                    document["operationId"], method, path, document["responses"]
                )


OPERATIONS = {operation.id: operation for operation in _operations()}


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that answers; a literal path goes before one with parameters."""
    wanted = "get" if method == "HEAD" else method.lower()
    for operation in sorted(OPERATIONS.values(), key=lambda it: "{" in it.path):
        pattern = re.sub(r"\{\w+\}", "[^/]+", operation.path)
        if operation.method == wanted and re.fullmatch(pattern, path):
            return operation
    return None


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


@cache
def validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": reference, "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def violations(exchange: Exchange) -> list[str]:
    """Everything about a reply of the API that the contract does not allow."""
    faults = [
        f"header {name} is not wanted"
        for name in UNWANTED_HEADERS
        if name in exchange.headers
    ]
    operation = operation_of(exchange.method, exchange.path)
    if operation is None:
        return faults + _content_faults(exchange, "#/components/schemas/Errors")
    if str(exchange.status) not in operation.responses:
        return [*faults, f"{operation.id} does not declare status {exchange.status}"]
    if exchange.status == 500:
        faults.append("500: an error that the server did not foresee")
    response = resolve(operation.responses[str(exchange.status)])
    return (
        faults
        + list(_header_faults(exchange, response))
        + _content_faults(exchange, _schema_reference(response))
    )


def _schema_reference(response: dict[str, Any]) -> str | None:
    if "content" not in response:
        return None
    reference: str = response["content"]["application/json"]["schema"]["$ref"]
    return reference


def _header_faults(exchange: Exchange, response: dict[str, Any]) -> Iterator[str]:
    for name, header in response.get("headers", {}).items():
        wanted = resolve(header)["schema"]["const"]
        if exchange.headers.get(name) != wanted:
            yield f"header {name} must be {wanted!r}, not {exchange.headers.get(name)}"


def _content_faults(exchange: Exchange, reference: str | None) -> list[str]:
    if exchange.status == 204:
        return [
            f"a reply without a body has {name}"
            for name in ("content-type", "content-length", "transfer-encoding")
            if name in exchange.headers
        ]
    faults = []
    if exchange.headers.get("content-type") != "application/json":
        faults.append(f"content type is {exchange.headers.get('content-type')}")
    if "content-length" not in exchange.headers:
        faults.append("content length is missing")
    if exchange.method == "HEAD":
        return faults + (["a reply to HEAD has a body"] if exchange.content else [])
    try:
        document = strict_json(exchange.content)
    except ValueError as error:
        return [*faults, f"body is not JSON: {error}"]
    if reference is None:
        return [*faults, "a body that is not declared"]
    return faults + [
        f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in validator(reference).iter_errors(document)
    ]


def strict_json(content: bytes) -> Any:
    """JSON in UTF-8 without NaN, Infinity and duplicate keys."""
    return json.loads(
        content.decode("utf-8"),
        parse_constant=_refuse_constant,
        object_pairs_hook=_unique_keys,
    )


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("an object has a key twice")
    return dict(pairs)
