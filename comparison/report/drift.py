"""The drift for a terminal, in 80 columns: shapes line by line, limits by number."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comparison.printable import harmless
from comparison.report.drift_words import count, limited, said, subject, users
from comparison.report.layout import wrapped
from comparison.report.paint import Paint

# Of a chapter, unless all is wanted.
MOST_LINES = 12
MOST_NAMED = 30
_STYLES = {"missing": "red", "against": "red", "beyond": "yellow"}
LEGEND = (
    "missing: the contract says it, the document does not; beyond: the other way round;"
    " against: they contradict."
)


def render(header: Mapping[str, Any], paint: Paint, verbose: bool = False) -> str:
    """The drift of every stack, as text that ends with a newline."""
    contract = header["contract"]
    lines = [
        *wrapped(
            f"The OpenAPI documents that stacks make of themselves, against"
            f" {contract['title']} ({contract['path']})",
            "",
        ),
        *wrapped(LEGEND, ""),
    ]
    for entry in header["drift"]:
        lines += ["", *_stack(entry, header, paint, verbose)]
    return harmless("\n".join([*lines, "", last(header)]))


def last(header: Mapping[str, Any]) -> str:
    """The last line: how much there is of each stack."""
    parts = [f"{one['stack']}: {count(one)}" for one in header["drift"]]
    return "\n".join(wrapped("; ".join(parts), "")) + "\n"


def _stack(
    entry: Mapping[str, Any], header: Mapping[str, Any], paint: Paint, verbose: bool
) -> Iterator[str]:
    title = (
        f"{entry['stack']} · {entry['source']}" if entry["source"] else entry["stack"]
    )
    yield from (paint(one, "bold") for one in wrapped(title, ""))
    if entry["note"]:
        yield from wrapped(entry["note"], "  ! ")
    if not entry["source"]:
        yield from wrapped("No document of its own is named.", "  ")
    every = len(header["operations"])
    for group in entry["groups"]:
        shown = (
            group["drifts"]
            if verbose
            else [one for one in group["drifts"] if not one["limit"]]
        )
        if shown:
            yield ""
            yield from wrapped(subject(group, every), "  ")
            yield from _group(group, shown, every, paint, verbose)
    if not verbose:
        yield from _limits(entry["groups"])
    if entry["left"]:
        yield from wrapped(f"… and {entry['left']:,} more drifts are not told.", "  ")
    if not entry["whole"]:
        yield from wrapped("The document is too large to be compared whole.", "  ! ")


def _group(
    group: Mapping[str, Any],
    drifts: Sequence[Mapping[str, Any]],
    every: int,
    paint: Paint,
    verbose: bool,
) -> Iterator[str]:
    # Where each operation has one of its own, the first shows what they are like.
    most = 1 if group["about"] == "operationIds" else MOST_LINES
    shown = drifts if verbose else drifts[:most]
    for one in shown:
        who = "" if group["about"] == "schema" else users(one["operations"], every)
        text = said(one, group) + (f" · {who}" if who else "")
        first, *rest = wrapped(text, " " * 13)
        kind = paint(one["kind"].ljust(7), _STYLES[one["kind"]])
        yield f"    {kind}  {first.lstrip()}"
        yield from rest
    if left := len(drifts) - len(shown):
        yield f"    … and {left:,} more: -v"


def _limits(groups: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How many limits there are of each schema, in a few lines for all of them."""
    found = limited(groups)
    if not found:
        return
    yield ""
    yield from wrapped("Limits of values, their shapes being the same; -v: each", "  ")
    for direction, schemas in found.items():
        total = sum(number for _, number in schemas)
        named = ", ".join(f"{name} ({number})" for name, number in schemas[:MOST_NAMED])
        more = ", …" if len(schemas) > MOST_NAMED else ""
        yield from wrapped(f"{total:,} in {direction}: {named}{more}", "    ")
