"""What is no HTTP, or more of it than a server takes, and what is odd but right."""

import json
import socket
from contextlib import closing

import pytest

from tests.conduit import PASSWORD, unique
from tests.servers import Server
from tests.wire import RawReply, Wire, head

pytestmark = pytest.mark.any_backend

KIBIBYTE = 1024
BODY = b'{"user":{"email":"nobody@x.org","password":"12345678"}}'
LENGTH = {"Content_Length": str(len(BODY))}
CHUNKED = {"Transfer_Encoding": "chunked"}
CHUNK = b"%x\r\n%s\r\n" % (len(BODY), BODY)
GET = head("GET", "/api/tags", Host="x")


def login(**headers: str) -> bytes:
    """The head of a request whose body decides: 401 if it is read."""
    json_type = {"Host": "x", "Content_Type": "application/json"}
    return head("POST", "/api/users/login", **json_type, **headers)


def line(text: bytes) -> bytes:
    """A request with one more line in its head."""
    return GET[:-2] + text + b"\r\n\r\n"


MALFORMED = {
    "nonsense": b"nonsense\r\n\r\n",
    "TLS": b"\x16\x03\x01\0\xa5\x01\0\0\xa1",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version": b"GET /api/tags HTTP/9.9\r\nHost: x\r\n\r\n",
    "an unknown method": b"BREW /api/tags HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method in lower case": b"get /api/tags HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT to a path": b"CONNECT /api/tags HTTP/1.1\r\nHost: x\r\n\r\n",
    "bare LF": b"GET /api/tags HTTP/1.1\nHost: x\n\n",
    "a space before the colon": line(b"A : b"),
    "no colon": line(b"A"),
    "no name": line(b": b"),
    "a folded line": line(b"A: b\r\n c"),
    "NUL in a value": line(b"A: b\0c"),
    "CR in a value": line(b"A: b\rc"),
    "a target without a path": b"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n",
    "a target with a bad port": b"GET http://x:y/api/tags HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": login(**LENGTH)[:-2] + b"Content-Length: 3\r\n\r\n",
    "a signed length": login(Content_Length="+41"),
    "length and chunks": login(**LENGTH, **CHUNKED),
    "another coding": login(Transfer_Encoding="gzip"),
    "no last coding": login(Transfer_Encoding="chunked, gzip"),
    "a signed chunk": login(**CHUNKED) + b"+5\r\nabcde\r\n",
    "a chunk too long": login(**CHUNKED) + b"5\r\nabcdefgh\r\n",
    "a broken second chunk": login(**CHUNKED) + b"5\r\nabcde\r\nzz\r\n",
    "a broken trailer": login(**CHUNKED) + CHUNK + b"0\r\nX T: 1\r\n\r\n",
    "a large extension": login(**CHUNKED) + b"5;a=" + b"b" * 20 * KIBIBYTE + b"\r\n",
}
ENDLESS = b"x" * 300 * KIBIBYTE
TOO_LARGE = {
    "an endless value": GET[:-2] + b"A: " + ENDLESS,
    "an endless name": GET[:-2] + ENDLESS,
    "an endless target": b"GET /" + ENDLESS,
    "a large head": line(b"A: " + b"x" * 66 * KIBIBYTE),
    "endless headers": GET[:-2] + b"A: b\r\n" * 20 * KIBIBYTE,
    "too many headers": line(b"\r\n".join([b"A: b"] * 1000)),
    "large trailers": login(**CHUNKED) + CHUNK + b"0\r\nX: " + ENDLESS,
}
RIGHT = {
    "empty lines first": b"\r\n\r\n" + login(**LENGTH) + BODY,
    "chunks": login(**CHUNKED) + CHUNK + b"0\r\n\r\n",
    "an extension": login(**CHUNKED) + CHUNK + b"0;a=" + b"b" * 9999 + b"\r\n\r\n",
    "a trailer": login(**CHUNKED) + CHUNK + b"0\r\nContent-Type: text/plain\r\n\r\n",
    "large trailers": login(**CHUNKED)
    + CHUNK
    + b"0\r\nA: "
    + ENDLESS[:30000]
    + b"\r\n\r\n",
    "an upgrade": login(**LENGTH, Connection="Upgrade", Upgrade="h2c") + BODY,
    "a web socket": login(**LENGTH, Connection="Upgrade", Upgrade="websocket") + BODY,
    "upgraded chunks": login(**CHUNKED, Connection="Upgrade", Upgrade="x")
    + CHUNK
    + b"0\r\n\r\n",
    "another expectation": login(**LENGTH, Expect="tea") + BODY,
    "a proxy's target": login(**LENGTH).replace(b" /", b" http://y:80/", 1) + BODY,
}


def exchange(server: Server, data: bytes) -> list[RawReply]:
    with closing(Wire(server.url)) as wire:
        wire.send(data)
        return wire.receive_all()


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed(stack: Server, data: bytes) -> None:
    """P14, P17, E1: one reply, in the shape of all errors, and the connection ends."""
    (reply,) = exchange(stack, data)
    reply.refuses(400, request="is malformed")
    assert "server" not in reply.headers


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_too_large(stack: Server, data: bytes) -> None:
    """P15, P17: nobody waits for the end of what has none."""
    (reply,) = exchange(stack, data)
    reply.refuses(431, headers="are too large")


@pytest.mark.parametrize("data", RIGHT.values(), ids=RIGHT.keys())
def test_right(stack: Server, data: bytes) -> None:
    """P18, P15: the body is read, and the connection goes on."""
    with closing(Wire(stack.url)) as wire:
        for _ in range(2):
            wire.send(data)
            wire.receive("POST").refuses(401, credentials="invalid")


def test_as_many_headers_as_may_be(stack: Server) -> None:
    """P15: 1,000 with the Host, and none is lost."""
    lines = [b"A: b"] * 998 + [b"Connection: close"]
    (reply,) = exchange(stack, line(b"\r\n".join(lines)))
    assert reply.status == 200


def test_the_reply_is_not_lost(stack: Server) -> None:
    """P17: a client that first sends all it has finds the reply all the same."""
    for _ in range(5):
        with closing(Wire(stack.url)) as wire:
            wire.send(GET[:-2] + b"A: " + b"x" * 8 * KIBIBYTE * KIBIBYTE)
            wire.receive().refuses(431, headers="are too large")


@pytest.mark.parametrize("garbage", [b"garbage\r\n\r\n", TOO_LARGE["a large head"]])
def test_garbage_after_requests(stack: Server, garbage: bytes) -> None:
    """P17: each request before it has its own reply, and in its order."""
    requests = login(**LENGTH) + BODY + head("GET", "/nothing", Host="x") + GET
    replies = exchange(stack, requests + garbage)
    last = 431 if len(garbage) > KIBIBYTE else 400
    assert [reply.status for reply in replies] == [401, 404, 200, last]


def test_garbage_after_the_last_request(stack: Server) -> None:
    """P17: what follows a request that ends the connection is nobody's."""
    assert [it.status for it in exchange(stack, line(b"Connection: close") * 2)] == [
        200
    ]


def test_cut_off(stack: Server) -> None:
    """P14: in the head, in the body, in a chunk."""
    halves = (GET[:-2], login(**LENGTH) + BODY[:9], login(**CHUNKED) + CHUNK[:9])
    for half in halves:
        with closing(Wire(stack.url)) as wire:
            wire.send(half)
            wire.socket.shutdown(socket.SHUT_WR)
            (reply,) = wire.receive_all()
            reply.refuses(400, request="is malformed")


def test_trailers_are_no_headers(stack: Server) -> None:
    """P18: nobody hides credentials or a content type behind the body."""
    plain = head("POST", "/api/users/login", Host="x", **CHUNKED)
    trailer = b"0\r\nContent-Type: application/json\r\n\r\n"
    with closing(Wire(stack.url)) as wire:
        wire.send(plain + CHUNK + trailer)
        wire.receive("POST").refuses(415, body="must be application/json")


def test_expect(stack: Server) -> None:
    """P18: 100 comes at once, before the body and before the reply."""
    with closing(Wire(stack.url)) as wire:
        wire.send(login(**LENGTH, Expect="100-continue"))
        assert wire.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.send(BODY)
        wire.receive("POST").refuses(401, credentials="invalid")


def test_requests_at_once(stack: Server) -> None:
    """P11: the second finds what the first has made."""
    name = unique()
    user = {"username": name, "email": f"{name}@x.org", "password": PASSWORD}
    body = json.dumps({"user": user}).encode()
    length = str(len(body))
    first = head(
        "POST",
        "/api/users",
        Host="x",
        Content_Type="application/json",
        Content_Length=length,
    )
    second = head("GET", f"/api/profiles/{name}", Host="x", Connection="close")
    replies = exchange(stack, first + body + second)
    assert [reply.status for reply in replies] == [201, 200]


def test_many_requests_at_once(stack: Server) -> None:
    """P11: all have a reply, or the last says that the others have none."""
    requests = head("GET", "/nothing", Host="x") * 300
    replies = exchange(stack, requests + line(b"Connection: close"))
    assert {reply.status for reply in replies[:-1]} == {404}
    assert 100 <= len(replies) <= 301
    assert replies[-1].headers["connection"] == "close"


def test_http_1_0_ends(stack: Server) -> None:
    """P11: whatever it asks for."""
    request = b"GET /api/tags HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    (reply,) = exchange(stack, request * 2)
    assert json.loads(reply.content).keys() == {"tags"}
