"""A generated case as it goes over the wire, made once by the client library."""

import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

import requests

from comparison.cases.corpus import Case

_BOUNDARY = "comparison-boundary"
_PARTS = ("method", "url", "headers", "data", "json", "params", "cookies", "files")
# What the client library adds, and what an identity sends in place of the case.
_FOREIGN = frozenset(
    [
        *("accept", "accept-encoding", "authorization", "connection"),
        *("content-length", "user-agent", "x-schemathesis-testcaseid"),
    ]
)


def operation_id(operation: Any) -> str:
    """The operationId of an operation of schemathesis, or its method and path."""
    return str(operation.definition.raw.get("operationId", operation.label))


def on_the_wire(case: Any, base: str) -> Case:
    """A case of schemathesis without credentials, its path below `base`."""
    transport = case.as_transport_kwargs(base_url=f"http://stack{base}")
    prepared = requests.Request(
        **{name: transport[name] for name in _PARTS if name in transport}
    ).prepare()
    url = urllib.parse.urlsplit(str(prepared.url))
    own = {name.lower() for name in case.headers or {}} - _FOREIGN
    headers = _kept(prepared.headers, own | {"content-type", "cookie"})
    body = prepared.body if prepared.body is not None else b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    content = _without_random_boundary(headers, content)
    if content and "Content-Type" not in headers:
        headers["Content-Type"] = None
    text, hexed = _as_text(content) if content else (None, None)
    return Case(
        operation=operation_id(case.operation),
        about=_about(case.meta),
        method=str(prepared.method),
        path=url.path.removeprefix(base),
        query=url.query,
        headers=headers,
        text=text,
        hex=hexed,
        positive=case.meta.generation.mode.is_positive,
    )


def _about(meta: Any) -> str:
    scenario = getattr(meta.phase.data, "scenario", None)
    about = scenario.value if scenario is not None else meta.phase.name.value
    return str(about).replace("_", "-")


def _kept(
    headers: Mapping[str, str | bytes], names: frozenset[str] | set[str]
) -> dict[str, str | None]:
    return {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in headers.items()
        if name.lower() in names
    }


def _as_text(content: bytes) -> tuple[str | None, str | None]:
    try:
        return content.decode(), None
    except UnicodeDecodeError:
        return None, content.hex()


def _without_random_boundary(headers: dict[str, str | None], content: bytes) -> bytes:
    found = re.search(r"boundary=\"?([^\";]+)", headers.get("Content-Type") or "")
    if not found:
        return content
    headers["Content-Type"] = str(headers["Content-Type"]).replace(found[1], _BOUNDARY)
    return content.replace(found[1].encode(), _BOUNDARY.encode())
