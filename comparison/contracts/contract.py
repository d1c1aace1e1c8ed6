"""The contract: an OpenAPI document and its operations."""

import hashlib
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from comparison.contracts.bundle import bundle
from comparison.contracts.direction import REPLY, REQUEST, directed
from comparison.contracts.document import ContractError, Document, Loader
from comparison.contracts.grammar import METHODS
from comparison.contracts.inspection import inspect
from comparison.contracts.leniency import relax
from comparison.contracts.library import Library, is_url
from comparison.contracts.media import documented
from comparison.contracts.servers import base_path, settle
from comparison.contracts.template import Template
from comparison.contracts.upgrade import OLD, upgrade

__all__ = ["Contract", "ContractError", "Loader", "Operation", "load_contract"]

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


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

    @cached_property
    def template(self) -> Template:
        """Its path, to be looked for in others."""
        return Template(self.path)


@dataclass(frozen=True)
class Contract:
    """An OpenAPI document of one file and in the form of 3.1, however it was written.

    `source` is its path or URL; `digest` is that of the bytes of all its files. `notes`
    tell what of it is left unchecked.
    """

    source: str
    document: Mapping[str, Any]
    digest: str
    operations: tuple[Operation, ...]
    notes: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file; of a URL the path within the host."""
        address = urllib.parse.urlsplit(self.source)
        return Path(address.path if is_url(self.source) else self.source)

    @property
    def title(self) -> str:
        """The title of the document."""
        information = self.document.get("info")
        named = information if isinstance(information, Mapping) else {}
        return str(named.get("title", self.path.stem))

    @cached_property
    def base(self) -> str:
        """The path before every path of the contract, from its first server."""
        return base_path(self.document.get("servers"), self.source)

    def operation(self, name: str) -> Operation | None:
        """The operation of this operationId."""
        return self._by_id.get(name)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that a request means; `path` without base and query."""
        return self._by_request.get((method, self.template(path)))

    def template(self, path: str) -> str | None:
        """The path template that fits `path`, the most literal one."""
        if path in self._literals:
            return path
        near = self._templates.get(path.count("/"), ())
        return next((one.text for one in near if one.fits(path)), None)

    @cached_property
    def _by_id(self) -> dict[str, Operation]:
        return {one.id: one for one in self.operations}

    @cached_property
    def _by_request(self) -> dict[tuple[str, str | None], Operation]:
        return {(one.method, one.path): one for one in self.operations}

    @cached_property
    def _literals(self) -> frozenset[str]:
        return frozenset(one.path for one in self.operations if "{" not in one.path)

    @cached_property
    def _templates(self) -> dict[int, list[Template]]:
        """By the number of slashes, which a parameter never has."""
        found: dict[int, list[Template]] = {}
        every = {one.path: one.template for one in self.operations if "{" in one.path}
        for template in sorted(every.values(), key=lambda one: one.looseness):
            found.setdefault(template.text.count("/"), []).append(template)
        return found

    def resolve(self, node: Any) -> Any:
        """`node`, or what its `$ref` within this document stands for."""
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference not in self._resolved:
                self._resolved[reference] = self._at(reference)
            node = self._resolved[reference]
        return node

    def parameters(self, operation: Operation) -> list[Mapping[str, Any]]:
        """All parameters of `operation`, those of its path item among them."""
        item = self.document["paths"][operation.path]
        entries = [
            self.resolve(entry)
            for node in (item, operation.definition)
            for entry in node.get("parameters", [])
        ]
        return list({(one["name"], one["in"]): one for one in entries}.values())

    def response(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        """The Response Object for `status`, or None where it is not documented."""
        responses = operation.definition.get("responses", {})
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in responses:
                found: Mapping[str, Any] = self.resolve(responses[key])
                return found
        return None

    def request_schema(self, operation: Operation) -> Any:
        """The schema of the JSON body that `operation` takes, or None.

        Its references lead into `request_components`.
        """
        if operation.id not in self._request_schemas:
            body = self.resolve(operation.definition.get("requestBody", {}))
            media = documented(body.get("content", {}), "application/json")
            schema = None if media is None else media.get("schema")
            sent = directed(schema, REQUEST, self.resolve)
            self._request_schemas[operation.id] = sent
        return self._request_schemas[operation.id]

    @cached_property
    def request_components(self) -> Any:
        """The components as requests mean them, without need of what is read only."""
        return directed(self.document.get("components", {}), REQUEST, self.resolve)

    @cached_property
    def reply_components(self) -> Any:
        """The components as replies mean them, without need of what is write only."""
        return directed(self.document.get("components", {}), REPLY, self.resolve)

    def is_open(self, operation: Operation) -> bool:
        """Whether it may be asked without credentials."""
        needs = operation.definition.get("security", self.document.get("security", []))
        return not needs or {} in needs

    @cached_property
    def _request_schemas(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _resolved(self) -> dict[str, Any]:
        return {}

    def _at(self, reference: str) -> Any:
        node: Any = self.document
        for part in urllib.parse.unquote(reference).split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            node = node[int(name) if isinstance(node, list) else name]
        return node


def load_contract(source: str | Path) -> Contract:
    """Read an OpenAPI document of 3.0 or 3.1 and all files that it refers to.

    `source` is a path, or a URL of http or https; nobody but its host is contacted.
    Raises `ContractError`, whose text names file, line and place.
    """
    address = str(source)
    library = Library(address)
    main = library.read(address)
    version = _version(main)
    bundled = bundle(library, main)
    if version == OLD:
        upgrade(bundled.tree)
    notes = relax(bundled)
    inspect(bundled)
    settle(bundled.tree, address)
    digest = hashlib.sha256(b"".join(one.content for one in library)).hexdigest()
    operations = tuple(operations_of(bundled.tree))
    return Contract(address, bundled.tree, digest, operations, tuple(notes))


def _version(document: Document) -> str:
    """The version, as 3.0 or 3.1."""
    tree = document.tree
    if isinstance(tree, dict) and "swagger" in tree:
        raise ContractError(
            f"{document.address}:{document.line(['swagger'])}: this is Swagger"
            f" {tree['swagger']}. Convert it to OpenAPI 3, then run again."
        )
    if not isinstance(tree, dict) or "openapi" not in tree:
        raise ContractError(
            f"{document.address} is no OpenAPI document: it has no `openapi`."
            " --contract names one."
        )
    number = re.match(r"(3\.[01])(\.|$)", str(tree["openapi"]))
    if number is None:
        raise ContractError(
            f"{document.address}:{document.line(['openapi'])}: openapi"
            f" {tree['openapi']} is not supported, 3.0 and 3.1 are."
            " Write the contract in one of these, then run again."
        )
    return number[1]


def operations_of(document: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of a document, in its order."""
    for path, item in document["paths"].items():
        for method, definition in item.items():
            if method in METHODS and path.startswith("/"):
                name = definition.get("operationId", f"{method.upper()} {path}")
                tags = tuple(str(tag) for tag in definition.get("tags", ()))
                yield Operation(name, method.upper(), path, definition, tags)
