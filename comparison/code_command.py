"""`--code`: show what implements an operation on each side."""

import dataclasses
import os
import shutil
from collections.abc import Sequence
from functools import partial

from comparison.code.counts import lines_by_kind
from comparison.code.dependencies import dependencies
from comparison.code.facts import Facts
from comparison.code.listing import Listing, listing
from comparison.code.pairing import Pair, Part, chosen
from comparison.code.side import Side
from comparison.code.startup import startups
from comparison.delivery import paint, write
from comparison.header import machine
from comparison.inputs import AnyStack, Inputs
from comparison.options import Options, UsageError
from comparison.paths import shown
from comparison.progress import Display
from comparison.report import code as code_report
from comparison.report import code_json as json_report
from comparison.stacks import Stack

# All else would be given in vain; -v shows where a bug has its place.
HEEDED = (
    *("code", "stack", "stacks_file", "contract", "config", "reference"),
    *("format", "output", "color", "verbose", "quiet"),
)


def perform_code(options: Options) -> int:
    """Show all pairs, or the one that is named; gives the exit code."""
    _check(options)
    inputs = Inputs(options)
    sides = [_side(stack) for stack in inputs.stacks]
    found = listing(inputs.contract.operations, sides)
    sides = [side for side in sides if side.name in found.sides]
    one = chosen(options.code, _names(inputs), sides) if options.code else None
    if options.format == "json":
        text = _as_json(_alone(found, one), inputs, sides)
    else:
        look = code_report.Look(shutil.get_terminal_size().columns, paint(options))
        draw = code_report.index if one is None else partial(code_report.one, one)
        text = draw(found, look)
    write(text, options)
    return 0


def _check(options: Options) -> None:
    """Refuse what `--code` cannot heed. Raises `UsageError`."""
    default = Options()
    for field in dataclasses.fields(Options):
        given = getattr(options, field.name) != getattr(default, field.name)
        if given and field.name not in HEEDED:
            flag = {"source": "from"}.get(field.name, field.name.replace("_", "-"))
            raise UsageError(f"--code goes without --{flag}.")
    if options.quiet and (options.code or options.format == "text"):
        raise UsageError("--code goes without --quiet: it says nothing on its way.")


def _side(stack: AnyStack) -> Side:
    return Side(stack.name, stack.folder if isinstance(stack, Stack) else None)


def _names(inputs: Inputs) -> list[str]:
    return [operation.id for operation in inputs.contract.operations]


def _alone(found: Listing, one: Pair | Part | None) -> Listing:
    """All, or what is asked for alone."""
    if one is None:
        return found
    if isinstance(one, Part):
        return dataclasses.replace(found, pairs=[], parts=[one])
    return dataclasses.replace(found, pairs=[one], parts=[])


def _as_json(found: Listing, inputs: Inputs, sides: Sequence[Side]) -> str:
    if inputs.options.code:
        return json_report.render(found)
    stacks = [one for one in inputs.stacks if isinstance(one, Stack)]
    by_name = {one.name: one for one in stacks if one.name in found.sides}
    folders = {name: shown(stack.folder) for name, stack in by_name.items()}
    # A busy machine starts nothing quickly.
    load = round(os.getloadavg()[0], 2)
    with Display(inputs.options.quiet) as display:
        started = startups([*by_name.values()], [*folders.values()], display.say)
    facts = {
        side.name: Facts(
            lines=lines_by_kind(side, sides, _names(inputs)),
            dependencies=dependencies(by_name[side.name].folder),
            startup=startup,
        )
        for side, startup in zip(sides, started, strict=True)
    }
    return json_report.render(found, facts, {**machine(), "load": load})
