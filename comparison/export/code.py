"""Python source as a formatter would leave it: literals, calls, and what they hold."""

import keyword
import math
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comparison.plans.plan import PLACEHOLDER

WIDTH = 88
INDENT = 4
# A repeated text is written out where it stays readable.
SHORT = 40
# Names that the module uses itself.
_TAKEN = frozenset({"reply", "send", "segment", "message", "json", "os", "re", "httpx"})
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Group:
    """A call, a dict or a list: each item is what stands before it, and its code."""

    start: str
    items: tuple[tuple[str, "Code"], ...]
    end: str


Code = str | Group


def one_line(code: Code) -> str:
    """The code without a line break."""
    if isinstance(code, str):
        return code
    inner = ", ".join(before + one_line(item) for before, item in code.items)
    return code.start + inner + code.end


def layout(code: Code, indent: int, column: int, after: int = 0) -> str:
    """The code from `column` on, in one line if it fits with what comes `after`."""
    line = one_line(code)
    whole = isinstance(code, str) or not code.items
    if whole or column + len(line) + after <= WIDTH:
        return line
    deeper = indent + INDENT
    lines = [code.start] if isinstance(code, Group) else []
    for before, item in code.items if isinstance(code, Group) else ():
        text = layout(item, deeper, deeper + len(before), 1)
        lines.append(f"{' ' * deeper}{before}{text},")
    return "\n".join([*lines, " " * indent + str(getattr(code, "end", ""))])


def statement(before: str, code: Code, indent: int = INDENT) -> str:
    """A line or several: `before` and the code."""
    text = layout(code, indent, indent + len(before))
    return " " * indent + before + text


def paragraph(name: str, text: str, indent: int = INDENT) -> str:
    """A text assigned to a name, over as many lines as it needs."""
    line = f"{' ' * indent}{name} = {quoted(text)}"
    if len(line) <= WIDTH:
        return line
    inner = " " * (indent + INDENT)
    lines, rest = [], text
    if len(inner + quoted(text)) <= WIDTH:
        lines, rest, text = [inner + quoted(text)], "", ""
    for part in textwrap.wrap(text, WIDTH - len(inner) - 12, break_on_hyphens=False):
        at = rest.index(part) + len(part)
        at += len(rest[at:]) - len(rest[at:].lstrip(" "))
        lines.append(inner + quoted(rest[:at]))
        rest = rest[at:]
    return "\n".join([f"{' ' * indent}{name} = (", *lines, " " * indent + ")"])


def call(name: str, *arguments: Code, **named: Code) -> Group:
    """A call of a function."""
    items = [("", argument) for argument in arguments]
    items += [(f"{key}=", value) for key, value in named.items()]
    return Group(f"{name}(", tuple(items), ")")


def quoted(text: str) -> str:
    """A string literal in ASCII, in the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_characters(text, quote)) + quote


def literal(value: Any, string: Callable[[str], str] = quoted) -> Code:
    """A JSON value; `string` writes its texts."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Mapping):
        items = ((f"{string(key)}: ", literal(v, string)) for key, v in value.items())
        return Group("{", tuple(items), "}")
    if isinstance(value, list | tuple):
        return Group("[", tuple(("", literal(item, string)) for item in value), "]")
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def template(text: str, *, in_target: bool = False) -> str:
    """An expression for a text of a plan, whose placeholders become variables."""
    whole = PLACEHOLDER.fullmatch(text)
    if whole and whole["name"] and not in_target:
        return _piece(whole)[1]
    pieces: list[tuple[bool, str]] = []
    end = 0
    for at in PLACEHOLDER.finditer(text):
        pieces += [(False, text[end : at.start()]), _piece(at)]
        end = at.end()
    pieces.append((False, text[end:]))
    if not any(is_name for is_name, _ in pieces):
        return quoted("".join(piece for _, piece in pieces))
    shown = "{{segment({})}}" if in_target else "{{{}}}"
    plain = "".join(piece for is_name, piece in pieces if not is_name)
    quote = "'" if plain.count('"') > plain.count("'") else '"'
    parts = (
        shown.format(piece)
        if is_name
        else "".join(_characters(piece, quote)).replace("{", "{{").replace("}", "}}")
        for is_name, piece in pieces
    )
    return f"f{quote}{''.join(parts)}{quote}"


def variable(name: str) -> str:
    """The variable for a dotted name of a plan."""
    text = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not text.isidentifier() or keyword.iskeyword(text):
        text = f"value_{text}"
    return f"{text}_" if text in _TAKEN else text


def names_in(value: Any) -> Iterator[str]:
    """The names of every placeholder within a JSON value."""
    if isinstance(value, str):
        yield from (at["name"] for at in PLACEHOLDER.finditer(value) if at["name"])
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from names_in(key)
            yield from names_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from names_in(item)


def _piece(at: re.Match[str]) -> tuple[bool, str]:
    """Whether it is an expression, and its text."""
    if at["name"]:
        name = variable(at["name"])
        forms = {"json": f"json.dumps({name})", "inner": f"json.dumps({name})[1:-1]"}
        return True, forms.get(at["json"], name)
    text, times = at["text"], int(at["times"])
    simple = text.isascii() and text.isalnum()
    if len(text) * times <= SHORT or not simple:
        return False, text * times
    return True, f"'{text}' * {times}"


def _characters(text: str, quote: str) -> Iterator[str]:
    for one in text:
        code = ord(one)
        if one == quote:
            yield f"\\{one}"
        elif one in _ESCAPES:
            yield _ESCAPES[one]
        elif " " <= one <= "~":
            yield one
        elif code < 0x100:  # noqa: PLR2004 - the ranges of the escapes
            yield f"\\x{code:02x}"
        else:
            yield f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
