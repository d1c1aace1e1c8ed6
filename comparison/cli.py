"""The program: its options, signals and exit codes.

0 no unlisted difference; 1 a difference, a contract violation or a stale entry;
2 nothing could be concluded; 130 interrupted (143 by SIGTERM, 129 by SIGHUP).
"""

import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from comparison import commands
from comparison.code.piece import CodeError
from comparison.code_command import perform_code
from comparison.configuration.config import ConfigError
from comparison.contracts.contract import ContractError
from comparison.defaults.pack import PackError
from comparison.drift_command import perform_drift
from comparison.export.steps import ExportError
from comparison.findings.known import KnownError
from comparison.options import Options, UsageError
from comparison.printable import harmless, printable
from comparison.recordings.har import RecordingError
from comparison.run import RunError
from comparison.spawning import SIGNALS, Interrupted, all_ended, interrupt
from comparison.speed_command import perform_speed
from comparison.stacks import StackError
from comparison.world import WorldError

NOTHING_CONCLUDED = 2
FAULTS = (
    CodeError,
    ConfigError,
    ContractError,
    ExportError,
    KnownError,
    PackError,
    RecordingError,
    RunError,
    StackError,
    UsageError,
    WorldError,
)


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
    options = options or Options()
    if options.code is not None:
        return perform_code(options)
    if options.only == "drift":
        return perform_drift(options)
    if options.only == "speed":
        return perform_speed(options)
    return commands.perform(options)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with `arguments` (those of the process if None)."""
    # What whoever started it wants ignored, as nohup does, stays ignored.
    heard = [n for n in SIGNALS if signal.getsignal(n) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heard}
    words = _named(sys.argv[1:] if arguments is None else arguments)
    try:
        with all_ended():
            return int(app(words, exit_on_error=False, print_error=False) or 0)
    except CycloptsError as error:
        return _refuse(f"{error}\nSee `python compare.py --help`.")
    except FAULTS as error:
        return _refuse(str(error))
    except Interrupted as error:
        _say("interrupted: nothing was concluded, nothing written")
        return error.code
    except BrokenPipeError:
        return NOTHING_CONCLUDED
    except Exception as error:
        if {"-v", "--verbose"} & set(words):
            _say(traceback.format_exc().rstrip())
        return _refuse(
            f"{type(error).__name__}: {error}\nThis is a bug of compare.py, or a"
            " fault of this machine; -v shows where it happened."
        )
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _named(arguments: Sequence[str]) -> list[str]:
    """The arguments, of which `--code` may have no value: all code is meant then."""
    following = [*arguments[1:], "-"]
    return [
        "--code=" if word == "--code" and after.startswith("-") else word
        for word, after in zip(arguments, following, strict=False)
    ]


def _refuse(text: str) -> int:
    _say(f"compare.py: {text}")
    return NOTHING_CONCLUDED


def _say(text: str) -> None:
    # The terminal may be gone, which must not hide the exit code.
    with suppress(OSError):
        print(harmless(printable(text)), file=sys.stderr, flush=True)
