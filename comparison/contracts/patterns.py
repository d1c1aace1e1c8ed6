"""Regular expressions of JavaScript as a stricter reader takes them.

JSON Schema wants them as they are with the flag `u`; many are written without it, where
`[\\w-.]`, `{` and `[^]` mean something too.
"""

import re

import jsonschema_rs

_PARTS = re.compile(
    r"\[(?:\\.|[^\]\\])*\]|\\.|\{\d+(?:,\d*)?\}|.",
    re.DOTALL,
)
_LETTERS = re.compile(r"\\.|.", re.DOTALL)
_CLASSES = frozenset(rf"\{letter}" for letter in "wWdDsS")
# A brace that counts nothing stands for itself, and so do classes of nothing or all.
_OTHERS = {"{": r"\{", "}": r"\}", "[]": "(?!)", "[^]": r"[\s\S]"}


def understood(pattern: str) -> str | None:
    """The pattern as the validator takes it, or None if it does not."""
    readings = (pattern, _strict(pattern))
    return next((one for one in readings if _is_pattern(one)), None)


def _strict(pattern: str) -> str:
    parts = _PARTS.findall(pattern)
    return "".join(
        _plain(part)
        if part not in _OTHERS and part.startswith("[")
        else _OTHERS.get(part, part)
        for part in parts
    )


def _plain(letters: str) -> str:
    """A class in which a hyphen beside another class is one, and no range."""
    found = _LETTERS.findall(letters)
    for at in range(1, len(found) - 1):
        if found[at] == "-" and _CLASSES & {found[at - 1], found[at + 1]}:
            found[at] = r"\-"
    return "".join(found)


def _is_pattern(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except ValueError:
        return False
    return True
