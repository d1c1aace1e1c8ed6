"""The contract: an OpenAPI document and its operations."""

import hashlib
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from comparison.media import documented

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ContractError(Exception):
    """The contract cannot be used; the text says where and what to do."""


@dataclass(frozen=True)
class Operation:
    """One operation: `path` is a template, `definition` the Operation Object."""

    id: str
    method: str
    path: str
    definition: Mapping[str, Any]
    tags: tuple[str, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether its method changes nothing by definition."""
        return self.method in SAFE


@dataclass(frozen=True)
class Contract:
    """An OpenAPI document; `digest` is that of its bytes."""

    path: Path
    document: Mapping[str, Any]
    digest: str
    operations: tuple[Operation, ...]

    @property
    def title(self) -> str:
        """The title of the document."""
        return str(self.document.get("info", {}).get("title", self.path.stem))

    @cached_property
    def base(self) -> str:
        """The path before every path of the contract, from its first server."""
        servers = self.document.get("servers") or [{"url": "/"}]
        return urllib.parse.urlsplit(str(servers[0]["url"])).path.rstrip("/")

    def operation(self, name: str) -> Operation | None:
        """The operation of this operationId."""
        return next((one for one in self.operations if one.id == name), None)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request means; `path` without base and query."""
        template = self.template(path)
        for one in self.operations:
            if one.path == template and one.method == method:
                return one
        return None

    def template(self, path: str) -> str | None:
        """The path template that fits `path`, a literal one before the others."""
        return next((t for t, fits in self._patterns if fits.fullmatch(path)), None)

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        templates = sorted(
            {one.path for one in self.operations}, key=lambda path: path.count("{")
        )
        return [(template, _pattern(template)) for template in templates]

    def resolve(self, node: Any) -> Any:
        """`node`, or what its `$ref` within this document stands for."""
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            node = self._at(node["$ref"])
        return node

    def response(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        """The Response Object for `status`, or None where it is not documented."""
        responses = operation.definition.get("responses", {})
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                found: Mapping[str, Any] = self.resolve(responses[key])
                return found
        return None

    def request_schema(self, operation: Operation) -> Any:
        """The schema of the JSON body that `operation` takes, or None."""
        body = self.resolve(operation.definition.get("requestBody", {}))
        media = documented(body.get("content", {}), "application/json")
        return None if media is None else media.get("schema")

    def is_open(self, operation: Operation) -> bool:
        """Whether it may be asked without credentials."""
        needs = operation.definition.get("security", self.document.get("security", []))
        return not needs or {} in needs

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise ContractError(
                f"{self.path}: {reference} leads to another file, which is not"
                " supported yet; bundle the contract into one file."
            )
        node: Any = self.document
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, Mapping) or name not in node:
                raise ContractError(f"{self.path}: {reference} leads nowhere.")
            node = node[name]
        return node


def load_contract(path: Path) -> Contract:
    """Read an OpenAPI document, YAML or JSON. Raises `ContractError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContractError(
            f"{path} cannot be read: {error.strerror}. --contract names the file."
        ) from None
    try:
        document = yaml.load(content, Loader=Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ContractError(f"{path} is neither YAML nor JSON: {error}") from None
    if not isinstance(document, dict) or "openapi" not in document:
        raise ContractError(f"{path} is no OpenAPI document: it has no `openapi`.")
    if not str(document["openapi"]).startswith("3.1"):
        raise ContractError(
            f"{path} is OpenAPI {document['openapi']}; only 3.1 is supported yet."
        )
    operations = tuple(_operations(document, path))
    if not operations:
        raise ContractError(f"{path} has no operation under `paths`.")
    digest = hashlib.sha256(content).hexdigest()
    return Contract(path, document, digest, operations)


def _operations(document: Mapping[str, Any], source: Path) -> Iterator[Operation]:
    paths = document.get("paths") or {}
    if not isinstance(paths, dict):
        raise ContractError(f"{source}: `paths` must be an object.")
    for path, item in paths.items():
        if not isinstance(item, dict):
            raise ContractError(f"{source}: paths → {path} must be an object.")
        for method, definition in item.items():
            if method in METHODS:
                name = definition.get("operationId", f"{method.upper()} {path}")
                tags = tuple(definition.get("tags", ()))
                yield Operation(name, method.upper(), path, definition, tags)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile(
        "".join("[^/]+" if p.startswith("{") else re.escape(p) for p in parts)
    )


# libyaml's loader, where it is compiled in, reads a contract ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_SafeLoader):  # type: ignore[misc]
    """YAML as JSON has it: dates stay text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


def canonical(value: Any) -> str:
    """JSON text that is the same for equal values: sorted keys, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
