"""Where a report goes, and in which colours."""

import os
import sys

from comparison.options import Options, UsageError
from comparison.output import print_out, replace_file
from comparison.report.paint import Paint, ansi, plain


def paint(options: Options) -> Paint:
    """Colour where it is wanted."""
    wanted = options.color == "always" or (
        options.color == "auto"
        and options.output is None
        and sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
    )
    return ansi if wanted else plain


def write(text: str, options: Options) -> None:
    """Write a report to where the options say. Raises `UsageError`."""
    if options.output is None:
        print_out(text)
        return
    try:
        replace_file(options.output, text)
    except OSError as error:
        raise UsageError(f"{options.output} cannot be written: {error}.") from None
