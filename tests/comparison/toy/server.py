"""A server of the toy contract, right or, by the variable FAULT, wrong on purpose."""

import datetime
import json
import os
import random
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULT = os.environ.get("FAULT", "")
NOTES: dict[int, dict[str, Any]] = {}
TOKENS: set[str] = set()
LOCK = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        if FAULT == "status" and status == 401:
            status = 403
        content = b"" if body is None else json.dumps(body).encode()
        if FAULT == "garbage" and self.command == "DELETE":
            self.wfile.write(b"garbage\r\n\r\n" * 3)
            self.close_connection = True
            return
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if FAULT in {"traced", "traced-too"}:
            self.send_header("X-Trace", os.urandom(6).hex())
        if FAULT == "powered":
            self.send_header("X-Powered-By", "a fault")
        if body is not None:
            kind = "text/json" if FAULT == "media-type" else "application/json"
            self.send_header("Content-Type", kind)
            nothing = FAULT == "head-length" and self.command == "HEAD"
            self.send_header("Content-Length", "0" if nothing else str(len(content)))
        self.end_headers()
        if FAULT == "close" and self.command == "DELETE":
            self.close_connection = True
            return
        if self.command != "HEAD" or FAULT == "head-body":
            self.wfile.write(content)

    def body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length", 0))
        try:
            value = json.loads(self.rfile.read(length) or b"null")
        except ValueError:
            value = None
        return value if isinstance(value, dict) else {}

    def user(self) -> bool:
        sent = self.headers.get("Authorization")
        if not sent:
            self.answer(401, {"errors": {"token": ["is missing"]}})
        elif sent.split()[-1] not in TOKENS:
            self.answer(401, {"errors": {"token": ["is invalid"]}})
        else:
            return True
        return False

    def do_POST(self) -> None:
        body = self.body()
        path = urlsplit(self.path).path
        if path == "/reset":
            NOTES.clear()
            TOKENS.clear()
            print("reset", flush=True)
            self.answer(204)
        elif path == "/v1/users":
            name = body.get("name")
            if not isinstance(name, str) or not 1 <= len(name) <= 30:
                self.answer(422, {"errors": {"name": ["is wrong"]}})
                return
            TOKENS.add(token := os.urandom(12).hex() + ".a.b")
            self.answer(201, {"name": name, "token": token})
        elif path != "/v1/notes":
            self.answer(404, {"errors": {"path": ["not found"]}})
        elif self.user():
            self.create(body)

    def create(self, body: dict[str, Any]) -> None:
        text, tags = body.get("text"), body.get("tags", [])
        if FAULT == "crash" and text == "one u00000001":
            print("about to crash", flush=True)
            os._exit(3)
        if FAULT == "hang" and text == "one u00000001":
            time.sleep(60)
        most = 21 if FAULT == "limit" else 20
        wrong = not isinstance(tags, list) or any(not isinstance(t, str) for t in tags)
        if not isinstance(text, str) or not 1 <= len(text) <= most or wrong:
            self.answer(422, {"errors": {"text": ["is wrong"]}})
            return
        with LOCK:
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
            number = len(NOTES) + (101 if FAULT == "ids" else 1)
            made = now.replace("+00:00", "" if FAULT == "time" else "Z")
            note = {"id": number, "text": text, "picture": None, "tags": tags}
            note |= {"created": made, "changed": made}
            if FAULT == "null":
                del note["picture"]
            if FAULT == "extra":
                note["color"] = "red"
            if FAULT == "type":
                note["text"] = [text]
            if FAULT == "tags":
                note["tags"] = sorted(tags)
            NOTES[number] = note
        self.answer(201, note)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        # What is not read would be taken for the next request.
        self.body()
        parts = urlsplit(self.path)
        if parts.path == "/health":
            self.answer(200, {"status": "ok"})
        elif parts.path == "/v1/notes":
            self.list(parse_qs(parts.query).get("limit", ["5"])[0])
        else:
            note = NOTES.get(self.number(parts.path))
            if note is None:
                self.answer(404, {"errors": {"note": ["not found"]}})
            elif FAULT == "header":
                self.answer(200, note)
            else:
                self.answer(200, note, X_Note="yes")

    def list(self, limit: str) -> None:
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= 10:
            self.answer(422, {"errors": {"limit": ["is wrong"]}})
            return
        if FAULT == "boom" and limit == "2":
            self.answer(500, {"errors": {"server": ["internal error"]}})
            return
        notes = list(NOTES.values())[::-1]
        if FAULT == "order":
            notes[:2] = notes[:2][::-1]
        most = int(limit) + (FAULT == "page" and int(limit) == 2)
        # Now and then, and never the same.
        flaky = FAULT == "flaky" and random.random() < 0.2
        more = random.randrange(1, 10**9) if flaky else 0
        self.answer(200, {"notes": notes[:most], "count": len(notes) + more})

    def do_DELETE(self) -> None:
        self.body()
        if self.user():
            gone = NOTES.pop(self.number(urlsplit(self.path).path), None)
            if gone is None:
                self.answer(404, {"errors": {"note": ["not found"]}})
            else:
                self.answer(204)

    def number(self, path: str) -> int:
        last = path.removeprefix("/v1/notes/")
        return int(last) if last.isascii() and last.isdigit() else 0

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    address_family = socket.AF_INET


if __name__ == "__main__":
    if FAULT == "start":
        sys.exit("this stack does not start on purpose")
    Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
