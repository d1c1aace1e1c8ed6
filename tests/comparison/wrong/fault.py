"""What a planted fault is, and the list of all of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.comparison.wrong.shop import Shop


@dataclass(frozen=True)
class Fault:
    """A shop that is wrong in one way, and how that must show.

    `place`, `kind` and `where` are globs, alternatives parted by `|`, on what a finding
    says. `blamed`: the contract is broken; with False it is silent, and nobody may be
    blamed; with None that hangs on what was asked. `size` is that of the largest plan
    that is small enough, the world not counted: steps, query parameters, headers and
    leaves of bodies.
    """

    name: str
    family: str
    title: str
    place: str
    kind: str
    where: str
    blamed: bool | None
    size: int
    shop: type[Shop]

    def fits(self, place: str, kind: str, where: str) -> bool:
        """Whether this is how it must show."""
        wanted = ((place, self.place), (kind, self.kind), (where, self.where))
        return all(
            any(fnmatchcase(text, glob) for glob in globs.split("|"))
            for text, globs in wanted
        )


FAULTS: list[Fault] = []


def fault(  # noqa: PLR0913 - as a table has columns
    family: str,
    place: str,
    kind: str,
    where: str,
    *,
    size: int,
    blamed: bool | None = False,
) -> Callable[[type[Shop]], type[Shop]]:
    """Make a class of shop a planted fault: its name and first line describe it."""

    def planted(shop: type[Shop]) -> type[Shop]:
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", shop.__name__).lower()
        title = (shop.__doc__ or "").strip().splitlines()[0].rstrip(".")
        FAULTS.append(
            Fault(name, family, title, place, kind, where, blamed, size, shop)
        )
        return shop

    return planted


def chosen(names: Sequence[str]) -> list[Fault]:
    """The faults of these names or families; all of them if none is given."""
    return [
        one
        for one in FAULTS
        if not names
        or any(fnmatchcase(t, n) for n in names for t in (one.name, one.family))
    ]
