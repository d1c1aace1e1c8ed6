"""FastAPI's stack, slowed by a tenth: run in its folder, instead of its server.py.

After every few replies it works on in vain for a tenth of the processor time that the
whole process has taken since it last did: whatever an answer costs, in whichever
thread, it costs a tenth more. To look at the clock costs something too, so that after
each reply it would be more than a tenth. The twin is slowed.mjs.
"""

import os
import runpy
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

PART = 0.1
EVERY = 8


class Slowed:
    """An ASGI application that takes longer."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self._application = application
        self._last: float | None = None
        self._count = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._application(scope, receive, send)
        self._count += 1
        if self._count % EVERY:
            return
        now = time.process_time()
        # What it took to start is nobody's request.
        until = now + (now - self._last) * PART if self._last is not None else now
        while time.process_time() < until:
            pass
        self._last = time.process_time()


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # noqa: PTH109 - the folder of the stack
    import main  # type: ignore[import-not-found] # that of the stack

    main.app = Slowed(main.app)
    runpy.run_path("server.py", run_name="__main__")
