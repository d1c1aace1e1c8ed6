"""Every curl line is run by a shell, and sends what our own client sends."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from comparison.curl import curl
from comparison.exchanges.exchange import Request
from comparison.mask import Mask

SHELL = next((path for name in ("dash", "bash") if (path := shutil.which(name))), None)
needs_curl = pytest.mark.skipif(
    SHELL is None or shutil.which("curl") is None, reason="curl or a shell is missing"
)


class Recorder:
    """A server that keeps the bytes of one request after the other."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.requests: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self.requests.append(_whole(connection))
                connection.sendall(
                    b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                )


def _whole(connection: socket.socket) -> bytes:
    content = b""
    while b"\r\n\r\n" not in content or len(content) < _length(content):
        content += (more := connection.recv(65536))
        if not more:
            break
    return content


def _length(content: bytes) -> int:
    head, _, _ = content.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(head) + 4 + int(line.split(b":")[1])
    return len(head) + 4


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.close()


def run(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    script = folder / "line.sh"
    script.write_text(line, encoding="utf-8")
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    environment["http_proxy"] = "http://127.0.0.1:9"
    return subprocess.run(
        [str(SHELL), str(script)], env=environment, capture_output=True, check=False
    )


def parts(content: bytes) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """Request line, headers in any order, body."""
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    pairs = [line.partition(b":") for line in lines]
    return first, sorted((name, value.strip()) for name, _, value in pairs), body


USUAL = (("Host", "HOST"), ("Accept", "*/*"))
JSON = (*USUAL, ("Content-Type", "application/json"))


def posted(body: bytes, method: str = "POST", target: str = "/a") -> Request:
    return Request(method, target, (*JSON, ("Content-Length", str(len(body)))), body)


REQUESTS = {
    "get": Request("GET", "/a?b='c'&d=%00", USUAL),
    "head": Request("HEAD", "/a", USUAL),
    "options": Request("OPTIONS", "*", USUAL),
    "odd method": Request("M-SEARCH", "/", USUAL),
    "small letters": Request("get", "/", USUAL),
    "post without a body": Request("POST", "/a", USUAL),
    "empty body": posted(b""),
    "get with a body": posted(b"{}", "GET"),
    "delete with a body": posted(b"{}", "DELETE"),
    "quotes": posted(b'{"a": "it\'s $HOME `id` \\n !"}'),
    "unicode": posted('{"a": "ä日😀"}'.encode()),
    "lines": posted(b"a\nb\r\n\n"),
    "binary": posted(bytes(range(256))),
    "nul": posted(b"\0"),
    "at": posted(b"@/etc/hosts"),
    "hyphen": posted(b"-n\n"),
    "percent": posted(b"%s%d\\101\x01"),
    "hundred kB": posted(b'"' + b"x" * 100_000 + b'"'),
    "two hundred kB": posted(b"'%\xff" * 70_000),
    "absolute": Request("GET", "http://example.org/a", USUAL),
    "double slashes": Request("GET", "//a//b/../c/./", USUAL),
    "brackets": Request("GET", "/a[1-3]{x,y}?q[]=1", USUAL),
    "strange": Request("GET", '/%zz/%2F/\\a|b^c"<>`?#x#y', USUAL),
    "no slash": Request("GET", "a?b", USUAL),
    "blank": Request("GET", "/a b", USUAL),
    "empty header": Request("GET", "/", (*USUAL, ("X-Empty", ""), ("X-Blank", "  "))),
    "repeated header": Request("GET", "/", (*USUAL, ("X-A", "1"), ("X-A", "2"))),
    "repeated accept": Request("GET", "/", (*USUAL, ("Accept", "text/html"))),
    "quoted header": Request("GET", "/", (*USUAL, ("X-A", 'it\'s "$HOME" @x'))),
    "latin header": Request("GET", "/", (*USUAL, ("X-A", "caf\xe9 €"))),
    "control in header": Request("GET", "/", (*USUAL, ("X-A", "a\tb\x01c"))),
    "other host": Request("GET", "/", (("Host", "example.org"), ("Accept", "a/b"))),
    "bare": Request("GET", "/", (("Host", "HOST"),)),
    "own agent": Request("GET", "/", (*USUAL, ("User-Agent", "x"))),
    "no type": Request("PUT", "/", (*USUAL, ("Content-Length", "1")), b"x"),
    "length too small": Request("PUT", "/", (*JSON, ("Content-Length", "1")), b"xyz"),
}


@needs_curl
@pytest.mark.parametrize("name", REQUESTS)
def test_a_line_sends_the_same(name: str, recorder: Recorder, tmp_path: Path) -> None:
    request = REQUESTS[name]
    headers = tuple((k, v.replace("HOST", recorder.host)) for k, v in request.headers)
    request = Request(request.method, request.target, headers, request.body)
    done = run(curl(request, f"http://{recorder.host}"), tmp_path)
    assert done.returncode == 0, done.stderr
    [content] = recorder.requests
    assert parts(content) == parts(request.wire() + (request.body or b""))


def test_a_masked_line_has_no_secret() -> None:
    body = b'{"user": {"password": "hunter22", "name": "a"}}'
    headers = (("Host", "h"), ("Authorization", "Token abcdef"))
    request = Request("POST", "/a?token=xyz1&b=hunter22", headers, body)
    line = curl(request, "http://h", Mask(["hunter22"]))
    assert "Token ***" in line
    assert "token=***&b=***" in line
    assert '"password": "***", "name": "a"' in line
    assert not [secret for secret in ("hunter22", "abcdef", "xyz1") if secret in line]
    assert "hunter22" in curl(request, "http://h", Mask.none())


def test_a_line_for_https_stays_with_one_version() -> None:
    line = curl(Request("GET", "/a", (("Host", "h"),)), "https://h")
    assert line.endswith(" https://h/a")
    assert "--http1.1" in line
