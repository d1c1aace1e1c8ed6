"""Producers of path parameters where the contract declares no link: inferred.

A parameter `{id}` after `/articles` is given by `id` of the object `article`, so is
`{articleId}` by `id` or `articleId`; a name that says more, `{username}`, by a property
of that name anywhere. What created a resource is preferred to a list of it, and a path
before the parameter to any other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comparison.contracts.contract import Contract, Operation
from comparison.contracts.resources import (
    IDENTIFIERS,
    Property,
    noun_of,
    plain,
    properties,
    singular,
    types,
)
from comparison.contracts.template import PARAMETER

# Of all producers of one parameter only the best are worth a link.
MOST_PRODUCERS = 4
_METHODS = {"POST": 0, "PUT": 1, "PATCH": 1, "GET": 2}
# A rank behind that of every property.
_LAST = 99
_LOCATION = "header:Location/-1"


class Production(NamedTuple):
    """A reply that gives path parameters of a consumer; the fields of a `Link`."""

    producer: str
    status: str
    consumer: str
    parameters: Mapping[str, str]
    carried: Mapping[str, str]


@dataclass(frozen=True)
class _Reply:
    """One successful reply of an operation."""

    operation: Operation
    status: str
    properties: tuple[Property, ...]
    located: bool


@dataclass(frozen=True)
class _Need:
    """A path parameter of a consumer.

    `collection` is the path before its segment; `place` the path up to the end of it,
    whatever the parameters there are called.
    """

    name: str
    kinds: frozenset[str]
    collection: str
    place: str

    @property
    def noun(self) -> str:
        return noun_of(self.collection)

    def wanted(self) -> Iterator[tuple[str, frozenset[str], bool]]:
        """Plain names of properties, best first, whose, and whether only theirs."""
        name, noun = plain(self.name), self.noun
        if name in IDENTIFIERS:
            yield name, frozenset([noun]), True
            yield noun + name, frozenset([noun]), False
            return
        end = next((end for end in IDENTIFIERS if name.endswith(end)), "")
        owners = frozenset([noun, singular(name.removesuffix(end))])
        yield name, owners, False
        for other in IDENTIFIERS if name == noun else filter(None, [end]):
            yield other, owners, True

    def distance(self, producer: Operation) -> int | None:
        """How far the producer is from the collection; None if it needs the value."""
        shape, collection = _shape(producer.path), _shape(self.collection)
        same_name = "{" + self.name + "}" in producer.path
        if f"{shape}/".startswith(f"{self.place}/") or (
            same_name and plain(self.name) not in IDENTIFIERS
        ):
            return None
        if shape == collection:
            return 0
        below = collection and shape.startswith(f"{collection}/")
        return 1 if below or noun_of(producer.path) == self.noun else 3

    def takes(self, kinds: frozenset[str]) -> bool:
        """Whether a value of one of these types can stand in the path."""
        if not self.kinds or not kinds or kinds & self.kinds:
            return True
        wider = {"string": {"integer", "number"}, "number": {"integer"}}
        return any(kinds & wider.get(kind, set()) for kind in self.kinds)


_Rank = tuple[int, int, bool, int, int]
# Plain name of a property -> where it is found.
_Index = Mapping[str, Sequence[tuple[int, Property]]]


def productions(contract: Contract) -> Iterator[Production]:
    """For every operation with path parameters who gives them, the best first.

    What the producer has in its own path is carried over from there.
    """
    replies = [
        reply for one in contract.operations for reply in _replies(contract, one)
    ]
    index: dict[str, list[tuple[int, Property]]] = defaultdict(list)
    for number, reply in enumerate(replies):
        for found in reply.properties:
            index[plain(found.name)].append((number, found))
    for consumer in contract.operations:
        yield from _productions(contract, consumer, replies, index)


def _productions(
    contract: Contract, consumer: Operation, replies: Sequence[_Reply], index: _Index
) -> Iterator[Production]:
    needs = list(_needs(contract, consumer))
    given: dict[int, dict[str, str]] = defaultdict(dict)
    ranks: dict[int, _Rank] = {}
    for need in needs:
        for number, rank, source in _best(need, consumer, replies, index):
            given[number][need.name] = source
            ranks[number] = min(rank, ranks.get(number, rank))
    carried = {
        number: _carried(needs, found, replies[number].operation)
        for number, found in given.items()
    }

    def order(number: int) -> tuple[int, _Rank, int]:
        return -len(given[number] | carried[number]), ranks[number], number

    for number in sorted(given, key=order):
        reply = replies[number]
        yield Production(
            reply.operation.id,
            reply.status,
            consumer.id,
            given[number],
            carried[number],
        )


def _best(
    need: _Need, consumer: Operation, replies: Sequence[_Reply], index: _Index
) -> list[tuple[int, _Rank, str]]:
    """The best offer of each of the best replies, in their order."""
    best: dict[int, tuple[_Rank, str]] = {}
    for number, rank, source in _offers(need, replies, index):
        better = number not in best or rank < best[number][0]
        if better and replies[number].operation != consumer:
            best[number] = rank, source
    chosen = sorted(best, key=lambda number: (best[number], number))
    return [(number, *best[number]) for number in chosen[:MOST_PRODUCERS]]


def _offers(
    need: _Need, replies: Sequence[_Reply], index: _Index
) -> Iterator[tuple[int, _Rank, str]]:
    """Number of a reply, rank as a source (the lowest is the best), and source."""
    for number, reply in enumerate(replies):
        if reply.located and _shape(reply.operation.path) == _shape(need.collection):
            yield number, (0, 0, False, _LAST, 0), _LOCATION
    for quality, (name, owners, only) in enumerate(need.wanted()):
        for number, found in index.get(name, ()):
            reply = replies[number]
            distance = need.distance(reply.operation)
            if distance is None or not need.takes(found.kinds):
                continue
            near = {noun_of(reply.operation.path)} if distance <= 1 else set()
            owned = bool(found.owners & (owners | near))
            if owned or not only:
                rank = (
                    min(distance, 2) if owned else distance,
                    _METHODS[reply.operation.method],
                    reply.status != "201",
                    2 * quality + (not owned),
                    found.depth,
                )
                yield number, rank, found.pointer


def _carried(
    needs: Sequence[_Need], given: Mapping[str, str], producer: Operation
) -> dict[str, str]:
    """The parameters that the paths of both operations begin with."""
    names = PARAMETER.findall(producer.path)
    return {
        need.name: names[number]
        for number, need in enumerate(needs)
        if need.name not in given
        and f"{_shape(producer.path)}/".startswith(f"{need.place}/")
    }


def _needs(contract: Contract, consumer: Operation) -> Iterator[_Need]:
    item = contract.resolve(contract.document["paths"][consumer.path])
    entries = [*item.get("parameters", ()), *consumer.definition.get("parameters", ())]
    schemas = {
        one["name"]: one.get("schema")
        for one in map(contract.resolve, entries)
        if one["in"] == "path"
    }
    for found in PARAMETER.finditer(consumer.path):
        kinds = types(contract, schemas.get(found[1]))
        before, _, within = consumer.path[: found.end()].rpartition("/")
        after = consumer.path[found.end() :].partition("/")[0]
        place = _shape(f"{before}/{within}{after}")
        yield _Need(found[1], kinds, before.rstrip("/"), place)


def _replies(contract: Contract, operation: Operation) -> Iterator[_Reply]:
    if operation.method not in _METHODS:
        return
    for status, reference in operation.definition.get("responses", {}).items():
        if str(status).startswith("2"):
            response = contract.resolve(reference)
            headers = {name.lower() for name in response.get("headers", {})}
            found = tuple(properties(contract, operation, response))
            yield _Reply(operation, str(status), found, "location" in headers)


def _shape(path: str) -> str:
    """A path template without the names of its parameters."""
    return PARAMETER.sub("{}", path)
