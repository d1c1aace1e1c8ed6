"""The code for a terminal: which handlers are paired, and a pair side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from comparison.code.listing import Listing
from comparison.code.notices import noticed
from comparison.code.pairing import Pair, Part
from comparison.code.side import Source
from comparison.printable import printable
from comparison.report.columns import beside
from comparison.report.layout import many, wrapped
from comparison.report.paint import Paint, plain


@dataclass(frozen=True)
class Look:
    """How wide a report may be, and in which colours."""

    width: int = 80
    paint: Paint = plain

    @property
    def coloured(self) -> bool:
        """Whether code is shown in the colours of its syntax."""
        return self.paint is not plain


def index(listing: Listing, look: Look) -> str:
    """Every operation with its handlers, then the parts, as text with a newline."""
    lines = [*_handlers(listing, look), "", *_parts(listing, look)]
    notes = [*listing.lacking.values(), *listing.notes]
    if notes:
        lines.append("")
    for note in notes:
        lines += wrapped(note, "  ! ", width=look.width)
    whole = len(listing.pairs) - len(listing.lacking)
    where = " and ".join(listing.sides)
    total = many(len(listing.pairs), "operation")
    lines += ["", f"{whole} of {total} with a handler in {where}"]
    return "\n".join(lines) + "\n"


def one(found: Pair | Part, listing: Listing, look: Look) -> str:
    """An operation, or a part name by name, as text that ends with a newline."""
    if isinstance(found, Part):
        return _part(found, listing, look)
    operation = listing.requests.get(found.name, "")
    lines = [look.paint(f"{found.name} · {operation}", "bold"), ""]
    lines += _beside(found, look)
    lines += _noticed(found, look)
    lines += _notes([listing.lacking.get(found.name, ""), *listing.notes], look)
    return "\n".join(lines) + "\n"


def _noticed(pair: Pair, look: Look) -> Iterator[str]:
    """What to notice in both, where there is any."""
    texts = {one.language: one.text for one in pair.sources.values()}
    for number, notice in enumerate(noticed(texts)):
        if not number:
            yield from ("", look.paint("What to notice", "bold"))
        said = f"{notice.title}: {notice.text}".replace("`", "")
        yield from wrapped(said, "  - ", width=look.width)


def _notes(notes: Iterable[str], look: Look) -> Iterator[str]:
    """What there is not, each after an empty line."""
    for note in filter(None, notes):
        yield ""
        yield from wrapped(note, "! ", width=look.width)


def _beside(pair: Pair, look: Look) -> list[str]:
    width = max(map(len, pair.sources), default=0)
    blocks = [
        (f"{source.side:<{width}}  {_span(source)}", source.language, source.text)
        for source in pair.sources.values()
    ]
    return beside(blocks, look.width, look.coloured) if blocks else []


def _span(source: Source) -> str:
    end = f"-{source.last}" if source.lines > 1 else ""
    return f"{source.file}:{source.first}{end}"


def _part(part: Part, listing: Listing, look: Look) -> str:
    lines = [look.paint(f"{part.name} · {', '.join(part.files.values())}", "bold")]
    for pair in part.shared:
        lines += ["", look.paint(_names(pair), "bold"), *_beside(pair, look)]
    for side in listing.sides:
        alone = part.alone(side)
        if alone:
            lines += ["", look.paint(f"in {side} alone", "bold")]
        width = max((len(source.piece.name) for source in alone), default=0)
        for source in alone:
            text = f"  {source.piece.name:<{width}}  {source.place}"
            lines.append(printable(f"{text}  {many(source.lines, 'line')}", keep=""))
    lines += _notes(listing.notes, look)
    return "\n".join(lines) + "\n"


def _names(pair: Pair) -> str:
    return " = ".join(dict.fromkeys(s.piece.name for s in pair.sources.values()))


def _handlers(listing: Listing, look: Look) -> Iterator[str]:
    names = [pair.name for pair in listing.pairs]
    columns = [_places(side, listing.pairs) for side in listing.sides]
    table = _table([["operation", *names], *columns])
    if max(map(cell_len, table)) <= look.width:
        yield look.paint(table[0], "bold")
        yield from table[1:]
        return
    width = max(map(len, listing.sides))
    for number, name in enumerate(names, 1):
        yield look.paint(name, "bold")
        for side, column in zip(listing.sides, columns, strict=True):
            yield printable(f"  {side:<{width}}  {column[number]}", keep="")


def _places(side: str, pairs: Sequence[Pair]) -> list[str]:
    """A column: the name of the side, then place and lines of each handler."""
    found = [pair.sources.get(side) for pair in pairs]
    width = max((len(source.place) for source in found if source), default=0)
    cells = [
        # A dash is meant.
        f"{source.place:<{width}} {source.lines:>3}" if source else "–"  # noqa: RUF001
        for source in found
    ]
    return [f"{side + ', lines':>{width + 4}}", *cells]


def _parts(listing: Listing, look: Look) -> Iterator[str]:
    parts = listing.parts
    columns = [["part", *(part.name for part in parts)]]
    columns.append(["shared names", *(str(len(part.shared)) for part in parts)])
    for side in listing.sides:
        alone = (str(len(part.alone(side))) for part in parts)
        columns.append([f"in {side} alone", *alone])
    head, *rows = _table(columns)
    if parts:
        yield look.paint(head, "bold")
        yield from rows


def _table(columns: Sequence[Sequence[str]]) -> list[str]:
    """Lines of columns as wide as what stands in them; numbers stand right."""
    cells = []
    for column in columns:
        clean = [printable(cell, keep="") for cell in column]
        width = max(map(cell_len, clean))
        cells.append(
            [
                cell.rjust(width) if cell.isdigit() else set_cell_size(cell, width)
                for cell in clean
            ]
        )
    return ["  ".join(row).rstrip() for row in zip(*cells, strict=True)]
