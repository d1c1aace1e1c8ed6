"""The program: its options, signals and exit codes.

0 no unlisted difference; 1 a difference, a contract violation or a stale entry;
2 nothing could be concluded; 130 interrupted (143 by SIGTERM).
"""

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from comparison import commands
from comparison.contract import ContractError
from comparison.known import KnownError
from comparison.options import Options, UsageError
from comparison.run import RunError
from comparison.stacks import StackError

NOTHING_CONCLUDED = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM)
FAULTS = (ContractError, KnownError, RunError, StackError, UsageError)


class Interrupted(KeyboardInterrupt):
    """A signal asked to end; `code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


app = App(
    name="compare.py",
    help="Ask several stacks the same, and report how their answers differ.",
    help_formatter="plain",
    version_flags=[],
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)


@app.default
def _perform(options: Annotated[Options, Parameter(name="*")] | None = None) -> int:
    return commands.perform(options or Options())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with `arguments` (those of the process if None)."""
    before = {number: signal.signal(number, _interrupt) for number in SIGNALS}
    try:
        return int(app(arguments, exit_on_error=False, print_error=False) or 0)
    except CycloptsError as error:
        return _refuse(f"{error}\nSee `python compare.py --help`.")
    except FAULTS as error:
        return _refuse(str(error))
    except Interrupted as error:
        print("interrupted: nothing was concluded, nothing written", file=sys.stderr)
        return error.code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse(text: str) -> int:
    print(f"compare.py: {text}", file=sys.stderr)
    return NOTHING_CONCLUDED


def _interrupt(number: int, _frame: FrameType | None) -> None:
    # A second signal must not keep the stacks from being stopped.
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Interrupted(128 + number)
