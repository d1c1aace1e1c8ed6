"""Workers: several processes behind one socket, and a manager who replaces them.

Differs: Uvicorn's manager hands its socket to the workers, and whoever is free takes
the next connection. Node's takes every connection itself, and deals them out in turn.
"""

import logging
import multiprocessing
import os
import signal
import sys
import time
from weakref import WeakSet

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from server import OPTIONS, allow_open_files
from settings import settings

# A worker that has not begun to answer its manager after so long, in seconds, hangs.
# It hears of a database that is away after DATABASE_TIMEOUT.
LONGEST_START = 30 + settings.database_timeout

logger = logging.getLogger("uvicorn.error")


class Manager(Multiprocess):
    """Uvicorn's own manager, who replaces workers, with the contract's end.

    Differs: Uvicorn's would keep the door open until the last worker has ended, wait
    for a hanging one for ever, hear no second signal, try for ever to start what
    cannot start, and end with exit code 0 after all.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config, [config.bind_socket()])
        self.exit_code = 0
        # Those that listen: one that ends before could not start.
        self.serving: WeakSet[Process] = WeakSet()

    def keep_subprocess_alive(self) -> None:
        workers = list(self.processes)
        for worker in workers:
            # Without this copy of the worker's end of the pipe, its death is heard.
            worker.child_conn.close()
            if worker.is_ready(LONGEST_START):
                self.serving.add(worker)
        super().keep_subprocess_alive()
        for worker in workers:
            # The code of a killed one is negative.
            if (worker.exitcode or 0) > 0 and worker not in self.serving:
                report = "Worker %s could not start, so the server ends: see above why"
                logger.error(report, worker.pid)
                self.exit_code = STARTUP_FAILURE
                self.should_exit.set()

    def terminate_all(self) -> None:
        for one in self.sockets:
            one.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Wait for SHUTDOWN_TIMEOUT, and for a second in which they tidy up."""
        deadline = time.monotonic() + settings.shutdown_timeout + 1
        while living := [it for it in self.processes if it.process.is_alive()]:
            if time.monotonic() > deadline:
                for worker in living:
                    worker.kill()
            while self.signal_queue:
                number = self.signal_queue.pop()
                for worker in living:
                    os.kill(worker.pid or 0, number)
            time.sleep(0.05)


async def end_with_manager() -> None:
    """Stop in good order if the manager was killed: nobody else would end this one."""
    manager = multiprocessing.parent_process()
    if manager and not manager.is_alive():
        signal.raise_signal(signal.SIGTERM)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    allow_open_files()
    config = uvicorn.Config(
        "main:app",
        workers=settings.workers,
        timeout_worker_healthcheck=int(LONGEST_START),
        callback_notify=end_with_manager,
        timeout_notify=1,
        **OPTIONS,
    )
    manager = Manager(config)
    manager.run()
    sys.exit(manager.exit_code)


if __name__ == "__main__":
    main()
