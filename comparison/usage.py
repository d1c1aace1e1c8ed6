"""Options that do not go together, and what is wanted by those that do."""

import dataclasses
from collections.abc import Collection

from comparison.defaults.atlas_file import is_atlas
from comparison.inputs import Inputs
from comparison.options import Options, UsageError

LEAST_STACKS = 2


def check_format(options: Options) -> None:
    """Refuse a form of whole runs for anything else. Raises `UsageError`."""
    part = options.case or options.list or options.export
    if part and options.format not in {"text", "json"}:
        raise UsageError(f"--format {options.format} is the form of a whole run.")


def check_pair(inputs: Inputs) -> None:
    """Refuse to compare one stack. Raises `UsageError`."""
    if len(inputs.stacks) < LEAST_STACKS:
        raise UsageError(
            f"{inputs.stacks[0].name} is the only stack, a comparison needs two:"
            " name the other one as well, --stack NAME or --stack NAME=URL."
        )


def check_heeded(options: Options, heeded: Collection[str]) -> None:
    """Refuse what a chapter would be given in vain. Raises `UsageError`."""
    default = Options()
    for field in dataclasses.fields(Options):
        given = getattr(options, field.name) != getattr(default, field.name)
        if given and field.name not in heeded:
            flag = field.name.replace("_", "-")
            raise UsageError(f"--only {options.only} goes without --{flag}.")


def is_about_defaults(options: Options) -> bool:
    """Whether the atlas alone is wanted: measured, or drawn from its file."""
    if options.source is not None and options.case is None:
        return is_atlas(options.source)
    alone = options.only == "defaults"
    if (options.slow or options.update_defaults) and not alone:
        raise UsageError("--slow and --update-defaults go with --only defaults.")
    if (options.thorough or options.fail_if_slower) and options.only != "speed":
        raise UsageError("--thorough and --fail-if-slower go with --only speed.")
    return alone
