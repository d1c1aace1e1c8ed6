"""The atlas for a terminal: counts, differences by severity, the cured pair."""

import shlex
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

from comparison.defaults.pack import FOLDERS, LAYERS, SEVERITIES
from comparison.defaults.results import Atlas, Probed
from comparison.printable import painted
from comparison.report.layout import many, wrapped
from comparison.report.paint import Paint, plain

# Name, FastAPI and Express, with two columns before each: 80 in all.
COLUMNS = (24, 25, 25)
MOST_LINES = 3
MOST_ALIKE = 5
COMMAND = "python compare.py --only defaults"


def render(atlas: Atlas, paint: Paint = plain, verbose: bool = False) -> str:
    """The whole chapter as text that ends with a newline.

    `verbose` also tells the probes on which the two ecosystems agree.
    """
    parts = [
        _head(atlas),
        _layers(atlas),
        *_topics(atlas, paint, verbose),
        _changed(atlas, paint),
        _failures(atlas, paint),
        last(atlas, paint),
    ]
    return painted("\n\n".join(part for part in parts if part) + "\n")


def _head(atlas: Atlas) -> str:
    lines = ["What each ecosystem does when nobody decides anything"]
    for side, versions in atlas.versions.items():
        said = ", ".join(f"{name} {version}" for name, version in versions.items())
        lines += wrapped(said, f"  {side:<9}")
    return "\n".join(lines)


def _layers(atlas: Atlas) -> str:
    lines = [f"  {'':<11}{'probes':>8}" + "".join(f"{one:>10}" for one in _COLUMNS)]
    for layer in LAYERS:
        here = [one for one in atlas.probes if one.layer == layer]
        counts = [len([one for one in here if not one.differs])]
        differing = [one for one in here if one.differs]
        counts += [
            len([one for one in differing if one.severity == severity])
            for severity in SEVERITIES
        ]
        row = "".join(f"{count:>10}" for count in counts)
        lines.append(f"  {layer:<11}{len(here):>8}{row}")
    return "\n".join(lines)


_COLUMNS = ("same", *SEVERITIES)


def _topics(atlas: Atlas, paint: Paint, verbose: bool) -> Iterator[str]:
    """The differing probes of every topic, the gravest topics first."""
    for severity in SEVERITIES:
        shown = [
            one
            for one in atlas.probes
            if one.severity == severity and (one.differs or verbose)
        ]
        if not shown:
            continue
        yield paint(f"{severity}: {many(len(shown), 'probe')}", "bold")
        yield "\n".join(_row(["", "FastAPI", "Express"]))
        topics: dict[str, list[Probed]] = {}
        for one in shown:
            topics.setdefault(one.topic, []).append(one)
        for alike in topics.values():
            yield "\n".join(_topic(alike, paint))


def _topic(probes: Sequence[Probed], paint: Paint) -> Iterator[str]:
    yield paint(f"{probes[0].title} ({probes[0].topic})", "bold")
    for one in probes:
        glyph = "≠" if one.differs else "="
        name = f"{glyph} {one.id.partition('/')[2]}"
        yield from _row([name, *(one.bare[side] or "nothing" for side in one.bare)])


def _row(cells: Sequence[str]) -> Iterator[str]:
    """The cells beside each other, each as many lines as it needs, but not too many."""
    columns = [
        _fitting(cell, width) for cell, width in zip(cells, COLUMNS, strict=True)
    ]
    for parts in zip_longest(*columns, fillvalue=""):
        line = "  ".join(
            part + " " * (width - cell_len(part))
            for part, width in zip(parts, COLUMNS, strict=True)
        )
        yield f"  {line}".rstrip()


def _fitting(cell: str, width: int) -> list[str]:
    """The lines of a cell; a character of Chinese is as wide as two."""
    lines = wrapped(cell, "", most=MOST_LINES, width=width)
    chopped = [part for line in lines for part in chop_cells(line, width)]
    return chopped[:MOST_LINES]


def _outcomes(outcomes: dict[str, str]) -> Iterator[str]:
    for side, outcome in outcomes.items():
        yield from wrapped(outcome or "nothing", f"        {side:<9}", most=3)


def _changed(atlas: Atlas, paint: Paint) -> str:
    moved = bool(atlas.recorded_versions) and atlas.recorded_versions != atlas.versions
    if not atlas.changed:
        same = "Other versions than the recorded ones do the same:"
        return "\n".join([same, *_other_versions(atlas)]) if moved else ""
    lines = [paint(f"changed since: {many(len(atlas.changed), 'probe')}", "bold")]
    for one in atlas.changed:
        lines.append(f"  {one.id}")
        for side, now in one.bare.items():
            before = one.recorded.get(side, "")
            if before != now:
                lines += wrapped(before, f"    {side:<9}was ", most=3)
                lines += wrapped(now, f"    {'':<9}is  ", most=3)
    lines += _other_versions(atlas)
    flags = "--slow --update-defaults" if moved else "--update-defaults"
    text = f"News of a release, or of this machine: {flags} records it."
    return "\n".join([*lines, *wrapped(text, "  → ")])


def _other_versions(atlas: Atlas) -> Iterator[str]:
    for side, versions in atlas.versions.items():
        before = atlas.recorded_versions.get(side, {})
        moved = [
            f"{name} {before.get(name, 'none')} → {version}"
            for name, version in versions.items()
            if before.get(name) != version
        ]
        yield from wrapped(", ".join(moved) or "same versions", f"  {side:<9}")


def _failures(atlas: Atlas, paint: Paint) -> str:
    if not atlas.failures:
        return ""
    lines = [paint("The real stacks, which decide, are not as they should be", "red")]
    alike: dict[tuple[str, ...], list[Probed]] = {}
    for one in atlas.failures:
        if one.stale:
            lines += wrapped(
                f"{one.id} is listed as known, but no longer differs", "≠ "
            )
            lines += wrapped("Take `known` away in the pack.", "    → ")
        else:
            alike.setdefault(tuple(one.real.values()), []).append(one)
    for probes in alike.values():
        more = f" and {len(probes) - MOST_ALIKE} more" if probes[MOST_ALIKE:] else ""
        names = ", ".join(one.id for one in probes[:MOST_ALIKE])
        lines += wrapped(f"{names}{more}", "≠ ")
        lines += _outcomes(probes[0].real)
        lines += _decided(probes[0])
        lines.append(f"    {COMMAND} --case {shlex.quote(probes[0].id)}")
    text = (
        "Mend the stack that breaks the rule, or say in the pack (`known`) why it may:"
        " a difference of which nothing says so is unlisted."
    )
    return "\n".join([*lines, *wrapped(text, "→ ")])


def _decided(one: Probed) -> Iterator[str]:
    """What the contract says of it, and where the real stacks keep to that."""
    if one.rules:
        rules = f"rules {', '.join(one.rules)} of contract/README.md"
        yield from wrapped(rules, "        ")
    for side, where in one.see.items():
        yield from wrapped(f"{FOLDERS[side]}/{where}", f"        {side:<9}")


def last(atlas: Atlas, paint: Paint = plain) -> str:
    """The last line, which carries all the counts."""
    real = [one for one in atlas.probes if one.real]
    known = [one for one in real if one.known and not one.stale]
    counts = [
        many(len(atlas.probes), "probe"),
        f"{len(atlas.differing)} differ",
        f"{len(atlas.changed)} changed since",
        *([f"{len(atlas.unrecorded)} never recorded"] if atlas.unrecorded else []),
        f"{len(real)} asked of the real stacks",
        f"{len(known)} known",
        f"{len(atlas.failures)} unlisted",
        f"{atlas.seconds:g} s",
    ]
    glyph, style = ("≠", "red") if atlas.failures else ("=", "green")
    return "\n".join(
        paint(one, style) for one in wrapped(", ".join(counts), f"{glyph} ")
    )
