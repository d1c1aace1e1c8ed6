"""One way in which a reply breaks the contract."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Breach:
    """One way in which a reply breaks the contract.

    Kinds: broken, status, media-type, header, schema, request (accepts what the schema
    refuses, or the other way round), written (a scenario expects something else).
    """

    kind: str
    where: str
    message: str
    rule: str


def place(path: list[Any]) -> str:
    """A path within JSON as a breach has it: with `*` for an index."""
    return "".join(f"/{'*' if isinstance(part, int) else part}" for part in path)


def short(error: Any) -> str:
    """What a validator says, on one line of bounded length."""
    text = " ".join(str(error.message).split())
    return text if len(text) <= 160 else text[:100] + " … " + text[-56:]  # noqa: PLR2004
