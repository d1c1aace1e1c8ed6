"""Ids of a page, of which none is what others wrote."""

import re
from dataclasses import dataclass, field

MOST = 48


@dataclass
class Slugs:
    """Gives every text an id of its own, the same text the same one."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, group: str, text: str) -> str:
        """The id of a text within a group, such as `operation-getArticle`."""
        key = (group, text)
        if key not in self.given:
            bare = re.sub(r"[^A-Za-z0-9]+", "-", text[:MOST]).strip("-")
            name = f"{group}-{bare or 'unnamed'}"
            number = self.numbers.get(name, 1)
            while (slug := name if number == 1 else f"{name}-{number}") in self.taken:
                number += 1
            # Thousands that begin alike are not counted from 1 each time.
            self.numbers[name] = number
            self.given[key] = slug
            self.taken.add(slug)
        return self.given[key]
