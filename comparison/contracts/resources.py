"""What a reply says of which resource: the properties that may name it in a path."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.media import is_json

DEEPEST = 3
MOST = 500
MOST_TURNS = 8
# Names by which one of a kind is told from another, whatever the kind.
IDENTIFIERS = ("id", "uuid", "guid", "slug", "key", "name", "code", "number")
_TELLING = {"object": "properties", "array": "items"}
# Keys and words around a resource that say nothing of what it is.
WRAPPERS = frozenset(
    [
        *("data", "item", "result", "record", "content", "value", "object", "list"),
        *("attribute", "payload", "response", "entry", "row", "embedded"),
    ]
)
_ENDINGS = re.compile(
    "(response|reply|result|output|out|dto|read|public|details?|full|list|page"
    "|collection|model|schema|object|resource)+$"
)


@dataclass(frozen=True)
class Property:
    """A property in a JSON body: where it stands, and what it may be a name of.

    `pointer` takes the first item of an array; `owners` are the nouns of the object
    that has it, `kinds` its JSON types, empty where the contract does not say.
    """

    pointer: str
    name: str
    kinds: frozenset[str]
    owners: frozenset[str]

    @property
    def depth(self) -> int:
        """How many steps the pointer has."""
        return self.pointer.count("/")


@dataclass(frozen=True)
class _Spot:
    """A schema within a reply, on the way down."""

    schema: Any
    pointer: str
    owners: frozenset[str]
    level: int = 0
    turns: int = 0

    def turned(self, schema: Any, pointer: str) -> "_Spot":
        """What stands in the place of this one: a part of it, or an item."""
        return replace(self, schema=schema, pointer=pointer, turns=self.turns + 1)


def plain(name: str) -> str:
    """A name without case and separators: `article_id` and `articleId` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def singular(word: str) -> str:
    """The plain singular of an English plural, as far as its ending tells."""
    word = plain(word)
    if word == "people":
        return "person"
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties", not "pies"
        return word[:-3] + "y"
    if re.search(r"(ss|x|ch|sh|us)es$", word):
        return word[:-2]
    return word[:-1] if re.search(r"[^su]s$", word) else word


def literals(path: str) -> list[str]:
    """The segments of a path template that are no parameters."""
    return [part for part in path.split("/") if part and "{" not in part]


def noun_of(path: str) -> str:
    """What the resource is called that a path leads to."""
    return singular((literals(path) or [""])[-1])


def types(contract: Contract, schema: Any, turns: int = 0) -> frozenset[str]:
    """The JSON types that a schema allows; none where it does not say."""
    schema = contract.resolve(schema)
    if not isinstance(schema, Mapping) or turns > MOST_TURNS:
        return frozenset()
    said = schema.get("type", ())
    found = frozenset([said] if isinstance(said, str) else said)
    found |= {name for name, keyword in _TELLING.items() if keyword in schema}
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            found |= types(contract, part, turns + 1)
    return found - {"null"}


def properties(
    contract: Contract, operation: Operation, response: Mapping[str, Any]
) -> Iterator[Property]:
    """The properties of the JSON body of a Response Object, those on top first.

    Within three objects, and of a very wide body only the first `MOST`.
    """
    for media, content in response.get("content", {}).items():
        if is_json(media) and "schema" in content:
            last = literals(operation.path)[-1:]
            owners = frozenset(singular(word) for word in last)
            spots = deque([_Spot(content["schema"], "", owners)])
            yield from islice(_all(contract, spots), MOST)
            return


def _all(contract: Contract, spots: deque[_Spot]) -> Iterator[Property]:
    """What is found in `spots`, to which what lies deeper is added on the way."""
    while spots:
        spot = spots.popleft()
        schema = contract.resolve(spot.schema)
        # A schema may be a part of itself, without end.
        if not isinstance(schema, Mapping) or spot.turns > MOST_TURNS:
            continue
        spot = replace(spot, owners=spot.owners | _said_by(spot.schema))
        parts = [spot.turned(part, spot.pointer) for part in _parts(schema)]
        spots.extendleft(reversed(parts))
        if "items" in schema:
            spots.append(spot.turned(schema["items"], f"{spot.pointer}/0"))
        for name, inner in schema.get("properties", {}).items():
            escaped = name.replace("~", "~0").replace("/", "~1")
            pointer, kinds = f"{spot.pointer}/{escaped}", types(contract, inner)
            if not kinds & {"object", "array"}:
                yield Property(pointer, name, kinds, spot.owners)
            elif spot.level < DEEPEST:
                said = singular(name)
                owners = spot.owners if said in WRAPPERS else frozenset([said])
                level = spot.level + 1
                spots.append(_Spot(inner, pointer, owners, level, spot.turns))


def _parts(schema: Mapping[str, Any]) -> Iterator[Any]:
    """The parts of which all apply, and the first of those of which one applies."""
    yield from schema.get("allOf", ())
    for keyword in ("anyOf", "oneOf"):
        options = [o for o in schema.get(keyword, ()) if o != {"type": "null"}]
        yield from options[:1]


def _said_by(schema: Any) -> frozenset[str]:
    """The noun in the name of the component that a schema refers to."""
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    if not isinstance(reference, str):
        return frozenset()
    word = _ENDINGS.sub("", plain(reference.rsplit("/", 1)[-1]))
    return frozenset([singular(word)]) - {""}
