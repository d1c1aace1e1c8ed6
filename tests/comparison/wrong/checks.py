"""What a request must be, as the shop's contract says: routes, queries, bodies."""

import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from tests.comparison.wrong.wire import Request

CONTRACT = Path(__file__).parent / "openapi.yaml"
DOCUMENT: dict[str, Any] = yaml.safe_load(CONTRACT.read_bytes())
BASE = DOCUMENT["servers"][0]["url"]
METHODS = ("get", "put", "post", "patch", "delete")
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})")


class RefusedError(Exception):
    """A request that gets a reply with this status and what is wrong."""

    def __init__(self, status: int, error: str, *fields: str, **headers: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.fields = fields
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}


@dataclass(frozen=True)
class Route:
    """One operation: `pattern` fits its path, `name` is that of its handler."""

    name: str
    method: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Any]
    body: Any
    needs_user: bool
    takes_user: bool


def _resolved(value: Any) -> Any:
    while isinstance(value, dict) and "$ref" in value:
        found = DOCUMENT
        for part in value["$ref"].split("/")[1:]:
            found = found[part]
        value = found
    return value


def validator(schema: Any) -> Any:
    """What checks values against a schema of the contract."""
    whole = {"allOf": [schema], "components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _route(path: str, method: str, item: Mapping[str, Any]) -> Route:
    operation = item[method]
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    parameters = [_resolved(one) for one in given]
    security = operation.get("security", DOCUMENT["security"])
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return Route(
        name=re.sub(r"[A-Z]", lambda at: "_" + at[0].lower(), operation["operationId"]),
        method=method.upper(),
        pattern=re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)),
        parameters={
            one["name"]: (one["schema"], validator(one["schema"]))
            for one in parameters
            if one["in"] == "query"
        },
        body=None if schema is None else validator(schema),
        needs_user=bool(security) and {} not in security,
        takes_user=bool(security),
    )


ROUTES = [
    _route(path, method, item)
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS
    if method in item
]


def route_of(request: Request) -> tuple[Route, dict[str, str]]:
    """What is asked for, and its path parameters. Raises `RefusedError`."""
    path = request.path.removeprefix(BASE) if request.path.startswith(BASE) else ""
    fitting = [route for route in ROUTES if route.pattern.fullmatch(path)]
    if not fitting:
        raise RefusedError(404, "no such path")
    method = "GET" if request.method == "HEAD" else request.method
    for route in fitting:
        found = route.pattern.fullmatch(path)
        if route.method == method and found:
            texts = found.groupdict().items()
            return route, {name: urllib.parse.unquote(text) for name, text in texts}
    allowed = ", ".join(sorted(route.method for route in fitting))
    raise RefusedError(405, "no such method", Allow=allowed)


def query_of(route: Route, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The query parameters, each of its type, defaults included."""
    found: dict[str, Any] = {}
    for name, (schema, check) in route.parameters.items():
        sent = [text for key, text in pairs if key == name]
        if not sent:
            found[name] = schema.get("default")
            continue
        value = typed(sent[0], schema["type"])
        if len(sent) > 1 or not check.is_valid(value):
            raise RefusedError(422, "invalid", name)
        found[name] = value
    return found


def typed(text: str, kind: str) -> Any:
    """A text of the query as a value of this type; as it is where it is none."""
    if kind == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text


def parsed(request: Request) -> Any:
    """The body as JSON. Raises `RefusedError`."""
    media = request.headers.get("content-type", "").partition(";")[0]
    if media.strip().lower() != "application/json":
        raise RefusedError(415, "not JSON", "content-type")
    try:
        return json.loads(request.body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError(400, "malformed", "body") from None


def wrong_fields(check: Any, value: Any) -> list[str]:
    """The fields that are wrong, sorted; none if all is well."""
    try:
        return sorted({_field(error) for error in check.iter_errors(value)})
    except ValueError:
        # An unpaired surrogate, or a number without end: no text, no number.
        raise RefusedError(400, "malformed", "body") from None


def _field(error: Any) -> str:
    path = "/".join(str(part) for part in error.instance_path)
    return path or str(error.schema_path[-1])


def _no_number(name: str) -> None:
    raise ValueError(name)
