"""What is wrong with a contract, before anything is asked on its account."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comparison.contracts.bundle import Bundle
from comparison.contracts.document import ContractError
from comparison.contracts.grammar import METHODS, Part, walk
from comparison.contracts.shape import TEMPLATE, Fault, misshapen

MOST_FAULTS = 5
_STATUS = re.compile(r"[1-5](\d\d|XX)|default|x-.*")
_PLACES = ("path", "query", "header", "cookie")


def inspect(bundle: Bundle) -> None:
    """Check the bundled document, in the form of 3.1. Raises `ContractError`.

    Schemas are not looked into: what is wrong with one of them concerns no other.
    """
    faults = list(_faults(bundle.tree))
    if not faults:
        return
    lines = [f"{bundle.place(one.way)}: {one.text}. {one.advice}" for one in faults]
    if len(lines) == 1:
        raise ContractError(f"{lines[0]}, then run again.")
    shown = [f"{line}." for line in lines[:MOST_FAULTS]]
    if more := len(lines) - len(shown):
        shown.append(f"{more} more are not shown.")
    raise ContractError("\n".join([*shown, "Then run again."]))


def _faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    shapes = list(misshapen(document))
    if shapes:
        # All else would stumble over them.
        yield from shapes
        return
    yield from _paths(document)
    yield from _operations(document)


def _paths(document: Mapping[str, Any]) -> Iterator[Fault]:
    paths = document.get("paths")
    if not isinstance(paths, Mapping) or not paths:
        text = "the contract has no operation, as `paths` is missing or empty"
        yield Fault(("paths",) if "paths" in document else (), text, "Write some")
        return
    own = {path: item for path, item in paths.items() if not path.startswith("x-")}
    if not any(method in item for item in own.values() for method in METHODS):
        text = "the contract has no operation under any of its paths"
        yield Fault(("paths",), text, "Write some")
    for path in own:
        if not path.startswith("/"):
            yield Fault(("paths", path), "a path must begin with /")


def _operations(document: Mapping[str, Any]) -> Iterator[Fault]:
    named: dict[str, str] = {}
    for way, node, kind in walk(document):
        if kind == "parameters":
            yield from _parameter(way, node)
        if kind == "securitySchemes":
            yield from _security_scheme(way, node)
        if kind != "operation" or way[0] != "paths" or "callbacks" in way:
            continue
        path, method = str(way[1]), str(way[2])
        name = node.get("operationId", f"{method.upper()} {path}")
        if not isinstance(name, str):
            yield Fault((*way, "operationId"), "an operationId must be a text")
        elif name in named:
            text = f'the operationId "{name}" is already that of {named[name]}'
            yield Fault((*way, "operationId"), text, "Give it one of its own")
        else:
            named[name] = f"{method.upper()} {path}"
        for status in node.get("responses", {}):
            if not _STATUS.fullmatch(status):
                text = f'"{status}" is no status: those are 200, 4XX and default'
                yield Fault((*way, "responses", status), text)
        yield from _path_parameters(document, way, node)


def _parameter(way: tuple[Part, ...], node: Mapping[str, Any]) -> Iterator[Fault]:
    if "$ref" in node:
        return
    if not isinstance(node.get("name"), str):
        yield Fault(way, "a parameter must have a name", "Add it")
    if node.get("in") not in _PLACES:
        text = f"a parameter must say `in` {', '.join(_PLACES[:-1])} or {_PLACES[-1]}"
        yield Fault(way, text, "Add it")


def _security_scheme(way: tuple[Part, ...], node: Mapping[str, Any]) -> Iterator[Fault]:
    if "$ref" not in node and node.get("type") == "apiKey":
        for key in ("name", "in"):
            if key not in node:
                yield Fault(way, f"an apiKey must say its `{key}`", "Add it")


def _path_parameters(
    document: Mapping[str, Any], way: tuple[Part, ...], operation: Mapping[str, Any]
) -> Iterator[Fault]:
    path = str(way[1])
    item = document["paths"][path]
    wanted = TEMPLATE.findall(path)
    if {"{", "}"} & set(TEMPLATE.sub("", path)) or "" in wanted:
        yield Fault(way[:2], "each { of a path needs a name and its }")
        return
    declared = {}
    for above, node in ((way[:2], item), (way, operation)):
        for number, entry in enumerate(node.get("parameters", [])):
            parameter = _resolved(document, entry)
            if parameter.get("in") == "path":
                place = (*above, "parameters", number)
                declared[str(parameter.get("name"))] = place
    for name in wanted:
        if name not in declared:
            text = f'the path parameter "{name}" is not declared under parameters'
            yield Fault(way, text, "Add it")
    for name, place in declared.items():
        if name not in wanted:
            text = f'the path parameter "{name}" does not stand in {path}'
            yield Fault(place, text, "Add it to the path, or take it away")


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Any:
    """The component that a reference of a bundle names, or the node itself."""
    for part in str(node.get("$ref", "#")).split("/")[1:]:
        document = document[part]
    return document if "$ref" in node else node
