"""Rows of a terminal whose figures stand below each other."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from comparison.printable import printable
from comparison.report.layout import WIDTH

WIDEST = 24
GAP = "  "


def aligned(
    rows: Sequence[Sequence[str]],
    words: int = 1,
    indent: str = "  ",
    widest: int = WIDEST,
) -> list[str]:
    """Lines of equally long rows: so many columns of `words`, then figures."""
    clean = [[cut(printable(c, keep=""), widest) for c in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*clean, strict=True)]
    lines = []
    for row in clean:
        cells = [
            set_cell_size(cell, width)
            if number < words
            else " " * (width - cell_len(cell)) + cell
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(cut(indent + GAP.join(cells).rstrip(), WIDTH))
    return lines


def cut(text: str, width: int) -> str:
    """The beginning of a text, within so many columns."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"
