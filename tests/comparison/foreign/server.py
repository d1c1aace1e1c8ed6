"""A toy server of a foreign contract; its twin is server.js, both read the document.

Replies are made from the schemas: the same request gets the same reply. Only pins are
kept. FAULT makes it wrong on purpose.
"""

import json
import os
import secrets
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.comparison.foreign.examples import (
    DOCUMENT,
    FAULT,
    example,
    fits,
    number,
    resolve,
)
from tests.comparison.foreign.request import Refused, check, queried, routed

BASE = urllib.parse.urlsplit(DOCUMENT["servers"][0]["url"]).path
METHODS = ("get", "put", "post", "delete", "patch")
TOTAL = 12
ERRORS = {
    400: ("Bad Request", "Backend did not understand your request."),
    403: ("Forbidden", "Invalid project token."),
    404: ("Not Found", "The requested component has not been found."),
    405: ("Method Not Allowed", "The path has no such method."),
}
# By project: what it has pinned, in the order of pinning.
PINS: dict[str, dict[str, Any]] = {os.environ.get("PROJECT", "mainnet-static"): {}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, value = self.asked(body)
            self.answer(status, value)
        except Refused as refused:
            error, message = ERRORS[refused.status]
            value = {"status_code": refused.status, "error": error, "message": message}
            self.answer(refused.status, value, **refused.headers)

    def __getattr__(self, name: str) -> Any:
        # The base class looks for do_POST and so on.
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def asked(self, body: bytes) -> tuple[int, Any]:
        # Its own `path` has lost a second slash at the beginning.
        path, _, query = self.requestline.split(" ")[1].partition("?")
        if path == "/health":
            return 200, {"status": "ok"}
        if (self.command, path) == ("POST", "/projects"):
            PINS[project := secrets.token_hex(16)] = {}
            return 201, {"project_id": project}
        if not path.startswith(f"{BASE}/"):
            raise Refused(404)
        template, values = routed(path[len(BASE) :])
        item = DOCUMENT["paths"][template]
        method = "get" if self.command == "HEAD" else self.command.lower()
        if method not in METHODS or method not in item:
            allowed = [name.upper() for name in METHODS if name in item]
            raise Refused(405, Allow=", ".join(allowed))
        operation = item[method]
        project = self.headers.get("project_id", "")
        is_open = operation.get("security") == [] or (FAULT == "open" and not project)
        if not is_open and project not in PINS:
            raise Refused(403)
        sent = queried(query)
        self.check(item, operation, values, sent, body)
        if template == "/tx/submit":
            # Money would be gone: whoever compares must not ask this.
            sys.stderr.write("a transaction was submitted\n")
            os._exit(1)
        if template.startswith("/ipfs/pin/"):
            return 200, pinned(template, operation, values, sent, PINS[project])
        return 200, reply(template, operation, values, sent, body)

    def check(
        self, item: Any, operation: Any, values: Any, sent: Any, body: bytes
    ) -> None:
        media = self.headers.get("Content-Type", "").split(";")[0]
        headers = {"Content-Type": media or None}
        sources = {"path": values, "query": sent, "header": headers}
        for entry in item.get("parameters", []) + operation.get("parameters", []):
            parameter = resolve(entry)
            check(parameter, sources[parameter["in"]].get(parameter["name"]))
        wanted = operation.get("requestBody")
        if wanted is None:
            return
        if media not in wanted["content"] or (wanted.get("required") and not body):
            raise Refused(400)
        if media == "application/json":
            try:
                value = json.loads(body.decode(), parse_constant=lambda _: 1 / 0)
            except (ValueError, ZeroDivisionError, RecursionError):
                raise Refused(400) from None
            if not fits(wanted["content"][media]["schema"], value):
                raise Refused(400)

    def answer(self, status: int, value: Any, **headers: str) -> None:
        kind = "application/octet-stream" if isinstance(value, bytes) else ""
        content = (
            value
            if kind
            else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        )
        self.send_response_only(status)
        for name, header in headers.items():
            self.send_header(name, header)
        self.send_header("Content-Type", kind or "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Served-By", "python")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


def reply(template: str, operation: Any, values: Any, sent: Any, body: bytes) -> Any:
    if "404" in operation["responses"] and not all(
        number(text) % 4 for text in values.values()
    ):
        raise Refused(404)
    seed = "/".join([template, *values.values(), body.hex()])
    content = operation["responses"]["200"]["content"]
    if "application/octet-stream" in content:
        return seed.encode()
    schema = resolve(content["application/json"]["schema"])
    if schema.get("type") != "array":
        return known(example(schema, seed), values)
    made = [
        known(example(schema["items"], f"{seed}#{at}"), values) for at in range(TOTAL)
    ]
    return page(made, sent)


def known(value: Any, values: Any) -> Any:
    """The example with what the request says of it."""
    if isinstance(value, dict):
        for name in value.keys() & values.keys():
            if isinstance(value[name], str):
                value[name] = values[name]
    return value


def page(items: list[Any], sent: Any) -> list[Any]:
    count, at = int(sent.get("count", 100)), int(sent.get("page", 1))
    if sent.get("order") == "desc":
        items = items[::-1]
    most = count + (FAULT == "page" and count == 2)
    return items[(at - 1) * count :][:most]


def pinned(
    template: str, operation: Any, values: Any, sent: Any, pins: dict[str, Any]
) -> Any:
    name = values.get("IPFS_path", "")
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    if template == "/ipfs/pin/add/{IPFS_path}":
        filecoin = sent.get("filecoin") == "true"
        pins.setdefault(name, None)
        return {"ipfs_hash": name, "state": "queued", "filecoin": filecoin}
    if template == "/ipfs/pin/list":
        items = resolve(schema)["items"]
        return page([{**example(items, one), "ipfs_hash": one} for one in pins], sent)
    if name not in pins:
        raise Refused(404)
    if template == "/ipfs/pin/remove/{IPFS_path}":
        if FAULT != "remove":
            del pins[name]
        return {"ipfs_hash": name, "state": "unpinned"}
    return {**example(schema, name), "ipfs_hash": name}


if __name__ == "__main__":
    ThreadingHTTPServer.daemon_threads = True
    address = ("127.0.0.1", int(os.environ["PORT"]))
    ThreadingHTTPServer(address, Handler).serve_forever()
