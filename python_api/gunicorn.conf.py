"""Gunicorn: the manager that is a program of its own, `gunicorn` in this folder.

Differs: it has no twin. Node's cluster is part of Node, and Gunicorn knows this file
by its name. Its worker class is Uvicorn, which makes a waiter of each process.
"""

import os
import signal
from types import FrameType
from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker  # type: ignore[import-untyped]

from server import OPTIONS, allow_open_files
from settings import settings


class Worker(UvicornWorker):  # type: ignore[misc]
    """Uvicorn with the contract's options, which ends as its manager asks."""

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {**OPTIONS, "timeout_notify": 1}

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        # Where Gunicorn gets SIGINT it sends SIGQUIT, which Uvicorn's worker would
        # not heed. This one is finished in good order too.
        signal.raise_signal(signal.SIGTERM)

    async def callback_notify(self) -> None:
        """Say that this one lives, or end if the manager was killed."""
        await super().callback_notify()
        if os.getppid() != self.ppid:
            signal.raise_signal(signal.SIGTERM)


wsgi_app = "main:app"
host = f"[{settings.host}]" if ":" in settings.host else settings.host
bind = f"{host}:{settings.port}"
workers = settings.workers
worker_class: Any = Worker
backlog = OPTIONS["backlog"]
# A worker that has said nothing for so long, in seconds, hangs. The first word of one
# whose database is away takes DATABASE_TIMEOUT.
timeout = 30 + int(settings.database_timeout)
# Uvicorn itself keeps SHUTDOWN_TIMEOUT; this is a second more, to tidy up.
graceful_timeout = settings.shutdown_timeout + 1
# That would be a socket for orders, in the home folder of whoever runs it.
control_socket_disable = True

allow_open_files()
