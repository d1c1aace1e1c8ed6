"""`--only drift`: what the stacks publish of themselves, against the contract."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from comparison.chapters import drift
from comparison.delivery import paint, write
from comparison.drift.gathering import gather
from comparison.header import contract_header
from comparison.inputs import Inputs
from comparison.options import Options, UsageError
from comparison.progress import Display
from comparison.report import drift as text_report
from comparison.report import drift_json as json_report
from comparison.run import read_run
from comparison.usage import check_heeded

# All else would be given in vain; -v shows every drift, and where a bug has its place.
HEEDED = (
    *("only", "stack", "stacks_file", "contract", "config", "reference", "source"),
    *("format", "output", "color", "verbose", "quiet", "show_secrets", "exit_zero"),
)
NONE = (
    "No document could be had, so nothing was compared. `openapi` names one: in"
    " stacks.toml a command, in [stacks.NAME] of compare.toml a URL or a file."
)


def perform_drift(options: Options) -> int:
    """Show the drift of every stack; gives the exit code. Raises `UsageError`."""
    _check(options)
    header = _header(options) if options.source is None else _read(options.source)
    if options.format == "json":
        text = json_report.render(header)
    elif options.quiet:
        text = text_report.last(header)
    else:
        text = text_report.render(header, paint(options), options.verbose)
    write(text, options)
    if all(one["compared"] is None for one in header["drift"]):
        raise UsageError(NONE)
    return 0


def _check(options: Options) -> None:
    """Refuse what cannot be heeded. Raises `UsageError`."""
    if options.format not in {"text", "json"}:
        raise UsageError(f"The drift is text or json, not {options.format}.")
    check_heeded(options, HEEDED)


def _read(path: Path) -> Mapping[str, Any]:
    header = read_run(path).header
    if "drift" not in header:
        raise UsageError(
            f"{path} is of an earlier version, without the documents of the stacks;"
            " without --from they are asked for."
        )
    return header


def _header(options: Options) -> Mapping[str, Any]:
    """What the run file of a whole run would say of it."""
    with Display(options.quiet) as display, ExitStack() as held:
        inputs = Inputs(options, display.say)
        awaited = gather(inputs, held)
        return {
            "contract": contract_header(inputs.contract),
            "operations": [one.id for one in inputs.contract.operations],
            "drift": drift(inputs, awaited),
        }
