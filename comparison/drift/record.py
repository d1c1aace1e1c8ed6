"""One drift: what one document says, and the other does not, or says otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["missing", "beyond", "against"]
Where = tuple[str, ...]
# What of one schema or operation is told; whoever has more has another API.
MOST_DRIFTS = 200
LONGEST_PART = 80


@dataclass(frozen=True)
class Drift:
    """`where` leads to it from an operation, or from a schema that both name.

    `missing`: the contract says it, the document does not; `beyond`: the other way
    round; `against`: they contradict. Of both values in short, one may be empty. A
    `limit` narrows the values, whose shape is the same.
    """

    where: Where
    kind: Kind
    contract: str = ""
    document: str = ""
    limit: bool = False


@dataclass(frozen=True)
class Pair:
    """A schema that has a name in either document, as requests or replies mean it."""

    contract: str
    document: str
    absent: str


@dataclass
class Found:
    """What was found below one place.

    `pairs` are the schemas named there, and where they are first met; their drifts
    are told with them, since other places have them too. `left` are not told.
    """

    drifts: list[Drift] = field(default_factory=list)
    pairs: dict[Pair, Where] = field(default_factory=dict)
    left: int = 0

    @property
    def full(self) -> bool:
        """Whether one more is only counted; to ask this counts it."""
        if len(self.drifts) < MOST_DRIFTS:
            return False
        self.left += 1
        return True

    def tell(
        self,
        where: Where,
        contract: str | None,
        document: str | None,
        *,
        limit: bool = False,
    ) -> None:
        """Add a drift; None is what a side does not say."""
        if self.full:
            return
        kind: Kind = "against"
        if document is None:
            kind = "missing"
        elif contract is None:
            kind = "beyond"
        cut = tuple(part[:LONGEST_PART] for part in where)
        self.drifts.append(Drift(cut, kind, contract or "", document or "", limit))

    def tell_each(
        self, where: Where, contract: Iterable[str], document: Iterable[str]
    ) -> None:
        """Add what only one of two sets has."""
        ours, theirs = list(contract), list(document)
        for one in ours:
            if one not in theirs:
                self.tell(where, one, None)
        for one in theirs:
            if one not in ours:
                self.tell(where, None, one)
