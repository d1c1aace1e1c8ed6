"""What may be printed: a server must not move the cursor of who reads what it said."""

import re

# What a host of builds obeys in what a step prints: `::error::` where it begins a line,
# and `##[error]`, `##vso[` or `##teamcity[` anywhere.
ORDERS = re.compile(r"^([^\S\n]*):(?=:)|#(?=#\w*\[)", re.MULTILINE)
# What `paint.ansi` writes.
COLOURS = re.compile(r"(\x1b\[(?:[0-2]|3[1-3])m)")


def printable(text: str, keep: str = "\n") -> str:
    """A text with escapes for whatever cannot be seen, but for what to `keep`."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in keep else c.encode("unicode_escape").decode()
        for c in text
    )


def painted(text: str) -> str:
    """A report, of which nothing but line ends and our own colours is obeyed."""
    parts = COLOURS.split(text)
    return harmless(
        "".join(
            part if number % 2 else printable(part) for number, part in enumerate(parts)
        )
    )


def harmless_json(text: str) -> str:
    """The same of JSON, in which no line begins with what somebody said."""
    return ORDERS.sub(r"\\u0023", text)


def harmless(text: str) -> str:
    """A text in which a host of builds finds nothing to obey."""
    return ORDERS.sub(
        lambda found: "\\x23" if found[0] == "#" else f"{found[1]}\\x3a", text
    )
