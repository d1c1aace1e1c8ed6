"""One request of a workload, ready to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass

# Becomes a number in a body that no other request has.
UNIQUE = "{unique}"


@dataclass(frozen=True)
class Asked:
    """A request, the status that is right, and the body where it never changes."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str | None
    status: int
    expected: str | None = None
