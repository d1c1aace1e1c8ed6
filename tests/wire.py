"""Requests as bytes on a socket, where a client would tidy them."""

import re
import socket
from contextlib import closing
from http.client import HTTPResponse
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.contract import strict_json

TIMEOUT = 15.0


class RawReply(NamedTuple):
    status: int
    headers: dict[str, str]
    content: bytes

    def refuses(self, status: int, /, **errors: str) -> None:
        wanted = {"errors": {key: [message] for key, message in errors.items()}}
        assert self.status == status, str(self)
        assert strict_json(self.content) == wanted, str(self)
        assert self.headers["content-type"] == "application/json"
        assert self.headers["content-length"] == str(len(self.content))


class Wire:
    """One connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.socket = socket.create_connection(
            (parts.hostname or "", parts.port or 80), TIMEOUT
        )

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self, method: str = "GET") -> RawReply:
        """The next reply; one connection may give several."""
        response = HTTPResponse(self.socket, method=method)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return RawReply(response.status, headers, response.read())

    def receive_all(self) -> list[RawReply]:
        """Every reply until the server ends the connection."""
        received = b""
        while part := self.socket.recv(65536):
            received += part
        found = re.split(rb"(?=HTTP/1\.1 \d{3})", received)[1:]
        return [self._parse(reply) for reply in found]

    def _parse(self, reply: bytes) -> RawReply:
        lines, _, content = reply.partition(b"\r\n\r\n")
        status, *fields = lines.decode("latin-1").split("\r\n")
        pairs = (field.split(": ", 1) for field in fields)
        headers = {name.lower(): value for name, value in pairs}
        return RawReply(int(status[9:12]), headers, content)

    def request(self, method: str, target: str, **headers: str) -> RawReply:
        """One request as it stands, with a Host, and the reply to it."""
        self.send(head(method, target, Host=self.host, **headers))
        return self.receive(method)

    def close(self) -> None:
        self.socket.close()


def head(method: str, target: str, **headers: str) -> bytes:
    """A request line and headers; underscores in names stand for hyphens."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def exchange(url: str, method: str, target: str, **headers: str) -> RawReply:
    """One request on a connection of its own."""
    with closing(Wire(url)) as wire:
        return wire.request(method, target, **headers)
