"""Sources beside each other where they fit, else one below the other."""

from collections.abc import Sequence
from io import StringIO
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from comparison.printable import printable

# What both formatters keep to (house rules).
WIDEST = 88
GAP = 3
Block = tuple[str, str, str]


def beside(blocks: Sequence[Block], width: int, coloured: bool) -> list[str]:
    """The lines of blocks (head, language, text) within so many columns."""
    columns = [_column(*block, coloured=coloured) for block in blocks]
    widths = [min(WIDEST, max(map(_cells, lines))) for lines in columns]
    if sum(widths) + GAP * (len(blocks) - 1) > width:
        lines: list[Text] = []
        for column in columns:
            lines += [Text(), *column] if lines else column
        return [_drawn(line, coloured) for line in lines]
    rows = zip_longest(*(_folded(c, w) for c, w in zip(columns, widths, strict=True)))
    return [_drawn(_row(row, widths), coloured) for row in rows]


def _column(head: str, language: str, text: str, coloured: bool) -> list[Text]:
    style = "bold" if coloured else ""
    return [Text(printable(head, keep=""), style), *_code(language, text, coloured)]


def _code(language: str, text: str, coloured: bool) -> list[Text]:
    # Tabs are made of spaces before anything is measured; all else is escaped.
    clean = printable(_dedented(text).expandtabs(4))
    if not coloured:
        return [Text(line) for line in clean.split("\n")]
    # Sixteen colours, which every terminal shows on its own background.
    painted = Syntax("", language, theme="ansi_dark").highlight(clean)
    painted.no_wrap = True
    return list(painted.split("\n", allow_blank=True))[: clean.count("\n") + 1]


def _dedented(text: str) -> str:
    """A method stands as far left as a function."""
    lines = text.split("\n")
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines)


def _folded(lines: Sequence[Text], width: int) -> list[Text]:
    """The lines; what is longer than the column goes on below."""
    return [part for line in lines for part in line.divide(_ends(line.plain, width))]


def _ends(line: str, width: int) -> list[int]:
    """Where a line is cut; a letter and its accents are not counted one by one."""
    ends, start = [], 0
    for number in range(len(line)):
        if number > start and cell_len(line[start : number + 1]) > width:
            ends.append(number)
            start = number
    return ends


def _row(parts: Sequence[Text | None], widths: Sequence[int]) -> Text:
    row = Text()
    for part, width in zip(parts, widths, strict=True):
        text = part or Text()
        row.append_text(text)
        row.append(" " * (width - _cells(text) + GAP))
    row.rstrip()
    return row


def _cells(text: Text) -> int:
    return cell_len(text.plain)


def _drawn(line: Text, coloured: bool) -> str:
    if not coloured:
        return line.plain
    out = StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", no_color=False
    )
    console.print(line, end="", soft_wrap=True)
    return out.getvalue()
