"""Path templates, such as `/articles/{slug}` or `/files/{name}.json`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

PARAMETER = re.compile(r"\{([^{}]+)\}")
# A placeholder of a plan is one thing, whatever stands in its name.
_VALUE = r"((?:\$\{[^{}/]*\}|(?!\$\{[^{}/]*\})[^/])+)"


@dataclass(frozen=True)
class Template:
    """A path with parameters; the text beside them in a segment counts too."""

    text: str

    @property
    def names(self) -> list[str]:
        """The names of the parameters, in order."""
        return PARAMETER.findall(self.text)

    @property
    def looseness(self) -> tuple[int, int]:
        """The lowest is the most literal: the first to look at."""
        return -len(PARAMETER.sub("", self.text)), len(self.names)

    def fits(self, path: str) -> bool:
        """Whether `path` may be meant; a parameter is never empty, nor has it a /."""
        return self._pattern.fullmatch(path) is not None

    def values(self, path: str) -> dict[str, str]:
        """What stands for each parameter, of the segments that fit."""
        found: dict[str, str] = {}
        # A path may have a slash too many, and be about the same.
        for (names, pattern), text in zip(
            self._segments, path.split("/"), strict=False
        ):
            if (at := pattern.fullmatch(text)) is not None:
                found |= dict(zip(names, at.groups(), strict=True))
        return found

    def filled(self, values: Mapping[str, str]) -> str:
        """The path with these values for the parameters, as they are."""
        return PARAMETER.sub(lambda at: values[at[1]], self.text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_expression(self.text))

    @cached_property
    def _segments(self) -> list[tuple[list[str], re.Pattern[str]]]:
        parts = self.text.split("/")
        return [(PARAMETER.findall(p), re.compile(_expression(p))) for p in parts]


def _expression(template: str) -> str:
    # Every second part is the name of a parameter.
    parts = PARAMETER.split(template)
    return "".join(_VALUE if at % 2 else re.escape(p) for at, p in enumerate(parts))
