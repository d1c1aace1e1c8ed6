"""Reading YAML and JSON: values as OpenAPI means them, and the lines they stand on."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

Path = Sequence[str | int]
# What begins so was meant as JSON; as YAML, a comma forgotten might still be read.
_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*["}]')
# A tab may not indent YAML, and a pair of surrogates is no character to libyaml; what
# takes their place here has the same length, so that lines and columns stay.
_TAB = re.compile(rb"\t")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
# What aliases say counts as often as it is said: a few lines may say a billion things.
MOST_NODES = 2_000_000
MOST_LEVELS = 200


_OPEN = (-1, -1)


class ContractError(Exception):
    """The contract cannot be used; the text says where and what to do."""


# libyaml's loader, where it is compiled in, reads a contract ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_SafeLoader):  # type: ignore[misc]
    """YAML 1.2 as far as JSON goes: dates are text, `on` is too, keys always are.

    A key that stands twice is an error, as it is in no YAML library by default.
    """

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._unique: set[yaml.Node] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge what `<<` names, once it is known that no own key stands twice."""
        if node not in self._unique:
            self._unique.add(node)
            _refuse_twins(node)
        super().flatten_mapping(node)

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[str, Any]:
        """The mapping; a status written 200 is the key "200"."""
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(
                None, None, "this must be a mapping", node.start_mark
            )
        self.flatten_mapping(node)
        return {
            _key(key): self.construct_object(value, deep=deep)
            for key, value in node.value
        }


def _key(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    raise yaml.constructor.ConstructorError(
        None, None, "a key must be a text", node.start_mark
    )


def _refuse_twins(node: yaml.MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        name = _key(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f'the key "{name}" stands twice', key.start_mark
            )
        seen.add(name)


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)


_RESOLVERS = [
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"[Tt]rue|TRUE|[Ff]alse|FALSE", list("tTfF")),
    (
        "tag:yaml.org,2002:int",
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
        list("-+0123456789"),
    ),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        list("-+0123456789."),
    ),
    ("tag:yaml.org,2002:merge", r"<<", ["<"]),
]
Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in _RESOLVERS:
    Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)
Loader.add_constructor("tag:yaml.org,2002:int", _integer)


@dataclass(frozen=True)
class Document:
    """One file: `address` is its path or URL, `tree` what it says.

    The bundler changes `tree` in place; `content` stays what was read.
    """

    address: str
    content: bytes
    tree: Any

    def line(self, path: Path) -> int | None:
        """The line of what `path` leads to, or of what is nearest to it."""
        if self._root is None:
            return None
        found = self._root.start_mark.line
        for node in _nodes(self._root, path):
            found = node.start_mark.line
        return int(found) + 1

    @cached_property
    def _root(self) -> yaml.Node | None:
        try:
            root: yaml.Node | None = yaml.compose(_plain(self.content), Loader=Loader)
        except yaml.YAMLError:
            return None
        return root


def parse(address: str, content: bytes) -> Document:
    """The document that `content` is. Raises `ContractError` with line and column."""
    try:
        if _JSON.match(content):
            tree = _json(content)
        else:
            tree = yaml.load(content, Loader=Loader)  # noqa: S506 - a safe loader
        _refuse_endless(tree)
        # UTF-8 has no way to write an unpaired surrogate, nor has whoever reads this.
        json.dumps(tree, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        place = f":{error.lineno}:{error.colno}"
        raise _unreadable(f"{address}{place}", "JSON", error.msg) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise _unreadable(f"{address}{place}", "YAML", str(error.problem)) from None
    except (yaml.YAMLError, RecursionError, TypeError, ValueError) as error:
        # A value that JSON lacks, or an alias within what it names, among others.
        reason = " ".join(str(error).split())
        raise _unreadable(address, "YAML or JSON", reason) from None
    return Document(address, content, tree)


def _refuse_endless(tree: Any) -> None:
    nodes, levels = _extent(tree, {})
    if nodes > MOST_NODES:
        raise ValueError(f"with its aliases written out it has over {MOST_NODES} nodes")
    if levels > MOST_LEVELS:
        raise ValueError(f"it is nested deeper than {MOST_LEVELS} levels")


def _extent(value: Any, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """How many nodes and levels it has; every object is looked into once."""
    if not isinstance(value, dict | list):
        return 1, 0
    key = id(value)
    if known.get(key) == _OPEN:
        raise ValueError("an alias stands within what it names")
    if key not in known:
        known[key] = _OPEN
        nodes, levels = 1, 0
        for inner in value.values() if isinstance(value, dict) else value:
            more, below = _extent(inner, known)
            nodes, levels = nodes + more, max(levels, below)
        known[key] = nodes, levels + 1
    return known[key]


def _unreadable(place: str, language: str, reason: str) -> ContractError:
    return ContractError(
        f"{place}: this cannot be read as {language}: {reason}."
        " Correct it, then run again."
    )


def _json(content: bytes) -> Any:
    twins: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twins.extend(name for name in found if names.count(name) > 1)
        return found

    text = content.decode("utf-8-sig")
    tree = json.loads(text, object_pairs_hook=unique, parse_constant=_refuse)
    if twins:
        # The reader of YAML knows where.
        yaml.load(_plain(content), Loader=Loader)  # noqa: S506 - a safe loader
        raise ValueError(f'the key "{twins[0]}" stands twice in an object')
    return tree


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _plain(content: bytes) -> bytes:
    return _SURROGATE.sub(rb"\\u0041", _TAB.sub(b" ", content))


def _nodes(root: yaml.Node, path: Path) -> Iterator[yaml.Node]:
    """The nodes on the way: of a mapping's entry the key, of a list's the item."""
    node = root
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pairs = {str(key.value): (key, value) for key, value in node.value}
            if str(part) not in pairs:
                return
            key, node = pairs[str(part)]
            yield key
        elif isinstance(node, yaml.SequenceNode) and str(part).isdigit():
            if int(part) >= len(node.value):
                return
            node = node.value[int(part)]
            yield node
        else:
            return


def pointer(path: Path) -> str:
    """`path` as a person reads it: `paths → /users/{id} → get`."""
    return " → ".join(str(part) for part in path)
