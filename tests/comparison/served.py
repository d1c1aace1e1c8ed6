"""Servers of a few lines within this process, compared by the program as any others."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.comparison.conftest import Program

# Only what is written is asked, and the fixed cases.
FAST = ("--max-examples", "0")
UNASKED = (
    'default = []\n[stacks.unused]\ntitle = "x"\nfolder = "."\nstart = ["false"]\n'
)
# A guarded operation, and an open one that logs in.
ANY = {str(status): {"description": "Any."} for status in (200, 401, 404, 405)}
REPLIES = {
    status: {**reply, "content": {"application/json": {}}}
    for status, reply in ANY.items()
}
GUARDED: dict[str, Any] = {
    "/x": {"get": {"operationId": "x", "responses": REPLIES}},
    "/login": {
        "post": {"operationId": "login", "responses": REPLIES, "security": []},
    },
}
BEARER: dict[str, Any] = {
    "security": [{"b": []}],
    "components": {"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}},
}


@dataclass(frozen=True)
class Asked:
    """What a server was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


# Status, body (bytes, or a JSON value), and headers.
Answer = tuple[int, Any] | tuple[int, Any, Mapping[str, str]]


class Server:
    """Answers on a port of its own as `answer` says, and keeps what it was `asked`."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.asked: list[Asked] = []
        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(answer))
        self._listening.daemon_threads = True
        # How soon it hears that it is to end, in seconds: each test ends some.
        often = {"poll_interval": 0.02}
        serve = self._listening.serve_forever
        threading.Thread(target=serve, kwargs=often, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._listening.server_port}"

    def sent(self, text: str) -> int:
        """How many requests held a text in a header, the path or the body."""
        return sum(text in f"{one.path}{one.headers}{one.body!r}" for one in self.asked)

    def close(self) -> None:
        self._listening.shutdown()
        self._listening.server_close()

    def _handler(
        self, answer: Callable[[Asked], Answer]
    ) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.reply
                raise AttributeError(name)

            def reply(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = dict(self.headers.items())
                asked = Asked(self.command, self.path, headers, body)
                server.asked.append(asked)
                status, value, *more = answer(asked)
                content = value
                if not isinstance(value, bytes):
                    content = json.dumps(value).encode()
                fields = {
                    "Content-Type": "application/json",
                    **(more[0] if more else {}),
                }
                self.send_response_only(status)
                for field, text in fields.items():
                    self.send_header(field, text)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def flags(
    program: "Program",
    servers: Sequence[Server],
    config: str = "",
    *,
    paths: Mapping[str, Any] = GUARDED,
    **document: Any,
) -> list[str]:
    """The options that compare servers, called `old`, `new` …, by a contract."""
    program.stacks_file.write_text(UNASKED, encoding="utf-8")
    contract = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    contract |= {"paths": paths, **document}
    (program.folder / "c.json").write_text(json.dumps(contract), encoding="utf-8")
    (program.folder / "compare.toml").write_text(config, encoding="utf-8")
    named = zip(("old", "new", "third"), servers, strict=False)
    return [
        *("--contract", str(program.folder / "c.json")),
        *("--cache", str(program.folder / "cache"), *FAST),
        *(word for name, one in named for word in ("--stack", f"{name}={one.url}")),
    ]


class Serve:
    """Starts a server for each function that answers, and ends them all."""

    def __init__(self) -> None:
        self._begun: list[Server] = []

    def __call__(self, *answers: Callable[[Asked], Answer]) -> list[Server]:
        return self.begun(*map(Server, answers))

    def begun(self, *servers: Server) -> list[Server]:
        """These servers, which will be ended."""
        self._begun += servers
        return list(servers)

    def close(self) -> None:
        for one in self._begun:
            one.close()
