"""Server: listens where the environment says, and stops gracefully.

Differs: Uvicorn is a program of its own, and `uvicorn main:app` serves the same
application with flags in place of this file. Node's application opens its own socket.
"""

import signal
import sys
from typing import Any

import uvicorn

from connections import Connection
from settings import settings

# What the contract asks of Uvicorn, in one process or in several.
OPTIONS: dict[str, Any] = {
    "host": settings.host,
    "port": settings.port,
    "access_log": False,
    "proxy_headers": False,
    "server_header": False,
    "http": Connection,
    "ws": "none",
    "backlog": 2048,
    "timeout_keep_alive": 5,
    "timeout_graceful_shutdown": settings.shutdown_timeout,
}


def main() -> None:
    # Uvicorn finishes what is in flight and then raises the signal again, which would
    # end the process with its number. A stop that was asked for is a success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    allow_open_files()
    uvicorn.run("main:app", **OPTIONS)


def allow_open_files() -> None:
    """Allow as many as the system does, since each connection is one.

    Differs: Node does so by itself.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none, and no such limit

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
