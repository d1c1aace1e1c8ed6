"""`--code`: show what implements an operation on each side."""

import dataclasses
import shutil

from comparison.code.listing import listing
from comparison.code.pairing import chosen
from comparison.code.side import Side
from comparison.delivery import paint, write
from comparison.inputs import AnyStack, Inputs
from comparison.options import Options, UsageError
from comparison.report import code as code_report
from comparison.stacks import Stack

# All else would be given in vain; -v shows where a bug has its place.
HEEDED = (
    *("code", "stack", "stacks_file", "contract", "config"),
    *("format", "output", "color", "verbose"),
)


def perform_code(options: Options) -> int:
    """Show all pairs, or the one that is named; gives the exit code."""
    _check(options)
    inputs = Inputs(options)
    sides = [_side(stack) for stack in inputs.stacks]
    operations = inputs.contract.operations
    found = listing(operations, sides)
    width = shutil.get_terminal_size().columns
    look = code_report.Look(width, paint(options))
    if options.code:
        with_sources = [side for side in sides if side.name in found.sides]
        names = [one.id for one in operations]
        text = code_report.one(chosen(options.code, names, with_sources), found, look)
    else:
        text = code_report.index(found, look)
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
    if options.format == "json":
        raise UsageError("--code goes without --format json.")


def _side(stack: AnyStack) -> Side:
    return Side(stack.name, stack.folder if isinstance(stack, Stack) else None)
