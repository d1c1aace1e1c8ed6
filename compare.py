"""Compare the stacks: `python compare.py`, with any Python from 3.11 on.

Where the packages are missing it runs itself again through uv, which is fetched into
`.tools` if the machine has none.
"""

import os
import signal
import sys
from contextlib import ExitStack

# What has to be left in order: a terminal, on which something moves.
left = ExitStack()


def interrupted(number: int, _frame: object) -> None:
    """End at once: before the program hears signals there is nothing to be ended.

    An exception would come out of whatever is being imported, as a traceback.
    """
    left.close()
    os.write(2, b"interrupted: nothing was concluded, nothing written\n")
    os._exit(128 + number)


if __name__ == "__main__":
    # What whoever started it wants ignored, as nohup does, stays ignored.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupted)
    # All that takes time is imported below.
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from comparison.environment import is_complete, through_uv
    from comparison.progress import Display

    display = left.enter_context(Display(bool({"-q", "--quiet"} & {*sys.argv})))
    if not is_complete():
        through_uv(display)
    from comparison.cli import main

    left.close()
    code = main()
    # All is written and said: what comes now interrupts nothing.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)
