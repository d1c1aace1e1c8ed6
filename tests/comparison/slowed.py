"""FastAPI's stack, slowed by a tenth: run in its folder, instead of its server.py.

After each reply it works on in vain for a tenth of the processor time that the whole
process has taken since the reply before: whatever an answer costs, in whichever thread,
it costs a tenth more. The twin is slowed.mjs.
"""

import os
import runpy
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

PART = 0.1


class Slowed:
    """An ASGI application that takes longer."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self._application = application
        self._last: float | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._application(scope, receive, send)
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
