"""Server: listens where the environment says, and stops gracefully.

Differs: Uvicorn is a program of its own, and `uvicorn main:app` serves the same
application with flags in place of this file. Node's application opens its own socket.
"""

import signal
import sys

import uvicorn

from settings import settings


def main() -> None:
    # Uvicorn finishes what is in flight and then raises the signal again, which would
    # end the process with its number. A stop that was asked for is a success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "main:app",
        host=settings.host,
        port=settings.port,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=5,
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )


if __name__ == "__main__":
    main()
