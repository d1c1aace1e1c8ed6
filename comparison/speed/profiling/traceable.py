"""Becomes the command that it is given, which any process of its user may look into.

Where the kernel's Yama lets only a process's ancestors do so (`ptrace_scope` is 1, as
on Ubuntu), a profiler beside it could not. The permission outlives `exec`, but no
child inherits it. `python traceable.py COMMAND...`
"""

import ctypes
import os
import sys

PR_SET_PTRACER = 0x59616D61
ANYONE = ctypes.c_ulong(-1)


def main() -> None:
    # Without Yama there is no such call, and no need of it.
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYONE, 0, 0, 0)
    command = sys.argv[1:]
    try:
        os.execvp(command[0], command)  # noqa: S606 - the command of stacks.toml
    except OSError as error:
        sys.exit(f"{command[0]} cannot be run: {error}.")


if __name__ == "__main__":
    main()
