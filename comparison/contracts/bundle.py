"""One document out of all that a contract's references lead to.

What stands in other files, or at odd places of the same one, becomes a component;
references stay references, so that recursive schemas do. Path items are put in place.
"""

import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from comparison.contracts.document import ContractError, Document, pointer
from comparison.contracts.grammar import COMPONENTS, Part, children
from comparison.contracts.library import Library, joined

Way = tuple[Part, ...]
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class NowhereError(Exception):
    """A reference leads nowhere; the text says why."""


@dataclass(frozen=True)
class Target:
    """What a reference leads to: `node` stands at `way` in `document`."""

    document: Document
    way: Way
    node: Any


@dataclass
class Bundle:
    """`tree` is the one document; `origins` says where its parts come from."""

    library: Library
    main: Document
    origins: dict[Way, Target] = field(default_factory=dict)

    @property
    def tree(self) -> dict[str, Any]:
        """The bundled document."""
        found: dict[str, Any] = self.main.tree
        return found

    def place(self, way: Sequence[Part]) -> str:
        """File, line and path of what stands at `way` in the bundled document."""
        for length in range(len(way), 0, -1):
            origin = self.origins.get(tuple(way[:length]))
            if origin is not None:
                return _place(origin.document, (*origin.way, *way[length:]))
        return _place(self.main, way)


def bundle(library: Library, main: Document) -> Bundle:
    """Bring everything that `main` refers to into it, in place.

    Raises `ContractError` for a reference that cannot be followed.
    """
    made = Bundle(library, main)
    components = main.tree.setdefault("components", {})
    for way, section in [((), components), *_sections(components)]:
        if not isinstance(section, dict):
            raise ContractError(
                f"{made.place(('components', *way))}: here must stand an object."
                " Correct it, then run again."
            )
    _Bundler(made).run()
    return made


def _sections(components: Any) -> list[tuple[Way, Any]]:
    named = components.items() if isinstance(components, dict) else ()
    return [((name,), section) for name, section in named if name in COMPONENTS]


def _place(document: Document, way: Sequence[Part]) -> str:
    line = document.line(way)
    place = document.address if line is None else f"{document.address}:{line}"
    return f"{place}: {pointer(way)}" if way else place


@dataclass
class _Bundler:
    made: Bundle
    placed: dict[tuple[str, str, Way], str] = field(default_factory=dict)
    # By the id of an object that was a reference: what it finally leads to.
    settled: dict[int, Target] = field(default_factory=dict)
    pending: list[tuple[Way, Any, str, Document]] = field(default_factory=list)

    def run(self) -> None:
        seen: set[tuple[int, str]] = set()
        self.pending.append(((), self.made.tree, "openapi", self.made.main))
        while self.pending:
            way, node, kind, document = self.pending.pop()
            if not isinstance(node, dict) or (id(node), kind) in seen:
                continue
            if kind in COMPONENTS and isinstance(node.get("$ref"), str):
                self._settle(way, node, kind, document)
                if kind == "pathItems":
                    continue
            seen.add((id(node), kind))
            if kind == "schemas":
                # References were resolved by files; every schema is of one dialect.
                node.pop("$id", None)
                node.pop("$schema", None)
            below = [
                (way + step, item, its, document)
                for step, item, its in children(node, kind)
            ]
            self.pending += reversed(below)

    def _settle(
        self, way: Way, node: dict[str, Any], kind: str, document: Document
    ) -> None:
        """Turn a reference into one within the bundle."""
        try:
            target = self._object(document, node, kind)
        except (NowhereError, ContractError) as error:
            raise ContractError(
                f"{self.made.place((*way, '$ref'))}: {node['$ref']}"
                f" cannot be followed: {error} Correct it, then run again."
            ) from None
        if kind == "pathItems":
            self._insert(way, node, target, document)
        else:
            self.settled[id(node)] = target
            node["$ref"] = self._component(kind, target)

    def _insert(
        self, way: Way, node: dict[str, Any], target: Target, document: Document
    ) -> None:
        """Put a path item in place; what stands beside its `$ref` counts more."""
        del node["$ref"]
        beside = list(children(node, "pathItems"))
        own = dict(node)
        node.clear()
        node.update({**target.node, **own})
        self.made.origins[way] = target
        self.pending.append((way, node, "pathItems", target.document))
        for step, item, kind in beside:
            self.made.origins[way + step] = Target(document, way + step, item)
            self.pending.append((way + step, item, kind, document))

    def _component(self, kind: str, target: Target) -> str:
        """The reference to a target within the bundle, which gets it if need be."""
        within = target.way[:2] == ("components", kind) and len(target.way) == len(
            ("components", kind, "name")
        )
        if target.document is self.made.main and within:
            name = str(target.way[2])
            if _NAME.fullmatch(name):
                return f"#/components/{kind}/{name}"
        key = (kind, target.document.address, target.way)
        if key not in self.placed:
            section = self.made.tree["components"].setdefault(kind, {})
            name = _free(_name(target), section)
            section[name] = target.node
            way = ("components", kind, name)
            self.made.origins[way] = target
            self.pending.append((way, target.node, kind, target.document))
            self.placed[key] = f"#/components/{kind}/{name}"
        return self.placed[key]

    def _object(self, document: Document, node: Mapping[str, Any], kind: str) -> Target:
        target = self._target(document, node)
        # A component that holds all components would never end.
        whole = target.document is self.made.main and (
            not target.way or (target.way[0] == "components" and len(target.way) < 3)  # noqa: PLR2004
        )
        if whole or not (
            isinstance(target.node, Mapping)
            or (kind == "schemas" and isinstance(target.node, bool))
        ):
            raise NowhereError(f"there is nothing that may stand among {kind}.")
        return target

    def _target(self, document: Document, node: Mapping[str, Any]) -> Target:
        """What a reference finally leads to, through references of references."""
        passed: set[int] = set()
        while True:
            if id(node) in self.settled:
                return self.settled[id(node)]
            if id(node) in passed:
                raise NowhereError("it leads back to itself.")
            passed.add(id(node))
            target = self._next(document, node["$ref"])
            if not _only_refers(target.node):
                return target
            document, node = target.document, target.node

    def _next(self, document: Document, reference: str) -> Target:
        address, _, fragment = reference.partition("#")
        if address:
            address = joined(document.address, address)
            if refusal := self.made.library.refusal(address):
                raise NowhereError(f"it {refusal}; bring what it names beside it.")
            document = self.made.library.read(address)
        fragment = urllib.parse.unquote(fragment)
        if fragment and not fragment.startswith("/"):
            raise NowhereError("after # must stand a JSON pointer, such as /a/b.")
        node: Any = document.tree
        way: Way = ()
        for part in fragment.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Mapping) and name not in node and "$ref" in node:
                passing = self._target(document, node)
                document, way, node = passing.document, passing.way, passing.node
            node, step = _entry(node, name, document)
            way = (*way, step)
        return Target(document, way, node)


def _entry(node: Any, name: str, document: Document) -> tuple[Any, Part]:
    if isinstance(node, Mapping) and name in node:
        return node[name], name
    if isinstance(node, list) and name.isdecimal() and int(name) < len(node):
        return node[int(name)], int(name)
    raise NowhereError(f'there is no "{name}" at that place of {document.address}.')


def _only_refers(node: Any) -> bool:
    """Whether nothing but a reference is said there; a summary says nothing."""
    if not isinstance(node, Mapping) or not isinstance(node.get("$ref"), str):
        return False
    return node.keys() <= {"$ref", "summary", "description"}


def _name(target: Target) -> str:
    words = [part for part in target.way if isinstance(part, str)]
    path = urllib.parse.urlsplit(target.document.address).path
    name = words[-1] if words else PurePath(path).stem
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name) or "unnamed"


def _free(name: str, section: Mapping[str, Any]) -> str:
    number = 1
    free = name
    while free in section:
        number += 1
        free = f"{name}_{number}"
    return free
