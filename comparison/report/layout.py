"""Text in 80 columns."""

import shlex
import textwrap
from collections.abc import Iterable

from comparison.printable import printable
from comparison.report.paint import Paint

WIDTH = 80


def many(count: int, word: str) -> str:
    """A number with its noun: `1 time`, `2 times`."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def case_line(command: str, case: str) -> str:
    """What shows it again, whole: a command is of no use in two lines."""
    return "    " + printable(f"{command} --case {shlex.quote(case)}", keep="")


def headed(title: str, style: str, paint: Paint, after: str = "") -> str:
    """A title in as many lines as it needs; what is `after` it has no style."""
    lines = textwrap.wrap(
        printable(title + after, keep=""),
        WIDTH,
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
    *most, last = lines or [""]
    cut = len(last) - len(after) if after and last.endswith(after) else len(last)
    end = paint(last[:cut], style) + last[cut:]
    return "\n".join([*(paint(line, style) for line in most), end])


def listed(items: Iterable[str], indent: str, width: int = WIDTH) -> list[str]:
    """Items with commas between them, none of which is broken in two."""
    lines = [indent]
    for number, item in enumerate(items):
        comma = ", " if number else ""
        if number and len(lines[-1] + comma + item) + 1 > width:
            lines[-1] += ","
            lines.append(" " * len(indent))
            comma = ""
        lines[-1] += comma + item
    return lines


def wrapped(
    text: str, indent: str, most: int | None = None, width: int = WIDTH
) -> Iterable[str]:
    """Lines of at most `width` columns; of more than `most` the end is left out."""
    lines = textwrap.wrap(
        printable(text, keep=""),
        width,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        max_lines=most,
        placeholder=" …",
        break_on_hyphens=False,
    )
    return lines or [indent.rstrip()]
