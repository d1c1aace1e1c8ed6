"""Request bodies: media types, sizes, and what is JSON."""

from collections.abc import Iterator

import pytest

from tests.conduit import PASSWORD, Conduit, Document, Reply, User, unique

LARGEST = 1024 * 1024
PLAIN_JSON = "application/json"
WRONG_TYPE = "must be application/json"
NOT_JSON = "is not valid JSON"
TOO_DEEP = "is nested too deeply"


def comment(content: bytes) -> bytes:
    return b'{"comment": {"body": "Text"' + content + b"}}"


@pytest.fixture
def path(article: Document) -> str:
    return f"/articles/{article['slug']}/comments"


def send(
    who: Conduit, path: str, content: bytes, media: str | None = PLAIN_JSON, **more: str
) -> Reply:
    headers = {name.replace("_", "-"): value.encode() for name, value in more.items()}
    if media is not None:
        headers["Content-Type"] = media.encode("latin-1")
    return who.request("POST", path, content=content, headers=headers)


RIGHT = [
    *[PLAIN_JSON, "Application/JSON", "application/json; charset=utf-8"],
    'application/json; charset="utf-8"',
    *["application/json;charset=UTF-8", "APPLICATION/JSON ; CHARSET=Utf-8"],
]
WRONG = [
    *[None, "", "text/plain", "json", "*/*", "application/*", "text/json"],
    *["application/vnd.api+json", "application/problem+json", "application/jsonp"],
    *["application/json; charset=latin-1", "application/json; charset=utf-16"],
    *["application/json; version=1", "application/json; charset=utf-8; version=1"],
    *['application/json; charset="utf-8', 'application/json; charset=utf-8"'],
    *["application/json\u0085", "application/json;\u00a0charset=utf-8"],
    *["application/json, text/plain", "application/json text/plain"],
    *["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
]


@pytest.mark.parametrize("media", RIGHT)
def test_media_types(alice: User, path: str, media: str) -> None:
    """B1: application/json in any case, alone or with charset=utf-8."""
    assert send(alice, path, comment(b""), media).gives("comment", 201)


@pytest.mark.parametrize("media", WRONG)
def test_wrong_media_types(alice: User, path: str, media: str | None) -> None:
    """B1: anything else is 415."""
    send(alice, path, comment(b""), media).refuses(415, body=WRONG_TYPE)


def test_encodings(alice: User, path: str) -> None:
    """B2: a body comes as it is, or not at all."""
    for encoding in ("gzip", "deflate", "br", "x-unknown", "GZIP", "identity, gzip"):
        reply = send(alice, path, comment(b""), content_encoding=encoding)
        reply.refuses(415, body="must be unencoded")
    for encoding in ("identity", "Identity"):
        reply = send(alice, path, comment(b""), content_encoding=encoding)
        assert reply.gives("comment", 201)


def test_largest_body(alice: User, path: str) -> None:
    """B3: 1,048,576 bytes are not too many, one more is."""
    content = comment(b"").ljust(LARGEST)
    assert send(alice, path, content).gives("comment", 201)
    send(alice, path, content + b" ").refuses(413, body="is too large")


def test_ten_megabytes(alice: User, path: str) -> None:
    """B3: a reply, not a broken connection, and the next request is answered."""
    for content in (comment(b"").ljust(10 * LARGEST), b"[" * 10 * LARGEST):
        send(alice, path, content).refuses(413, body="is too large")
    assert send(alice, path, comment(b"")).gives("comment", 201)


def test_body_in_chunks(alice: User, path: str) -> None:
    """B3: the limit holds without a Content-Length as well."""

    def chunks(padding: int) -> Iterator[bytes]:
        yield comment(b"")
        for _ in range(padding):
            yield b" " * 1024

    def send_chunks(padding: int) -> Reply:
        return send(alice, path, chunks(padding))  # type: ignore[arg-type]

    assert send_chunks(1000).gives("comment", 201)
    send_chunks(1024).refuses(413, body="is too large")
    send_chunks(0).gives("comment", 201)


@pytest.mark.parametrize("media", [PLAIN_JSON, "text/plain", None])
def test_empty_body(alice: User, path: str, media: str | None) -> None:
    """B4: it is missing, whatever its content type."""
    send(alice, path, b"", media).refuses(400, body="is missing")
    reply = alice.request(
        "PUT", "/user", headers={} if media is None else {"Content-Type": media}
    )
    reply.refuses(400, body="is missing")


MALFORMED = [
    *[b" ", b"\n", b"{", b"}", b"[", b"nul", b"TRUE", b"True", b"undefined", b"''"],
    *[comment(b"") + b"x", comment(b"") * 2, b"\0", comment(b"") + b"\0"],
    *[comment(b","), comment(b', "x": [1,]'), comment(b', "x": [,1]')],
    *[comment(b", x: 1"), comment(b", 'x': 1"), comment(b', "x" 1'), comment(b', "x"')],
    *[comment(b', "x": %s' % number) for number in (b"01", b"+1", b".5", b"1.", b"-")],
    *[comment(b', "x": %s' % number) for number in (b"0x1", b"1e", b"1_0", b"1n")],
    *[comment(b', "x": %s' % name) for name in (b"NaN", b"Infinity", b"-Infinity")],
    *[comment(b', "x": "%s"' % text) for text in (b"\\x", b"\\u12", b"\\uZZZZ", b"\\")],
    *[comment(b', "x": "%s"' % text) for text in (b"\n", b"\t", b"\0", b"\x1f")],
    *[comment(b" /* x */"), comment(b"") + b" // x", b"\x0c" + comment(b"")],
    *[b"\xc2\xa0" + comment(b""), b"\xef\xbb\xbf" + comment(b"")],
    *[comment(b', "x": "%s"' % text) for text in (b"\xff", b"\xc0\x80", b"\xe9")],
    *[
        comment(b', "x": "%s"' % text)
        for text in (b"\xed\xa0\x80", b"\xf4\x90\x80\x80")
    ],
    *[comment(b"").decode().encode(name) for name in ("utf-16", "utf-16-le", "utf-32")],
    *[b"user=x&body=y", b"<comment/>", comment(b', "\xff": 1'), b"\x1f\x8b\x08"],
]


@pytest.mark.parametrize("content", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_json(alice: User, path: str, content: bytes) -> None:
    """B5: RFC 8259 in UTF-8, in what is ignored too."""
    send(alice, path, content).refuses(400, body=NOT_JSON)


def nested(depth: int, kind: str = "array") -> bytes:
    """A body nested so deep, with the part that does it ignored."""
    inner = depth - 2
    if kind == "array":
        return comment(b', "x": ' + b"[" * inner + b"]" * inner)
    return comment(b', "x": ' + b'{"x":' * (inner - 1) + b"{}" + b"}" * (inner - 1))


@pytest.mark.parametrize("kind", ["array", "object"])
def test_nesting(alice: User, path: str, kind: str) -> None:
    """B6: 64 deep, in what is ignored too; the body and its envelope count."""
    assert send(alice, path, nested(64, kind)).gives("comment", 201)
    for depth in (65, 66, 1000, 100_000):
        send(alice, path, nested(depth, kind)).refuses(400, body=TOO_DEEP)


def test_unclosed_nesting(alice: User, path: str) -> None:
    """B6: too deep, though what follows is not JSON."""
    for opening in (b"[", b'{"x":', b'[{"x":'):
        send(alice, path, opening * 50_000).refuses(400, body=TOO_DEEP)


def test_brackets_in_texts_do_not_nest(alice: User, path: str) -> None:
    """B6: only arrays and objects do."""
    for text in (b"[" * 500, b'\\"' + b"[" * 500, b'\\\\\\"' + b"{" * 500):
        reply = send(alice, path, comment(b', "x": "' + text + b'"'))
        assert reply.gives("comment", 201)
    wide = b"[" + b",".join([b"[]"] * 500) + b"]"
    assert send(alice, path, comment(b', "x": ' + wide)).gives("comment", 201)


IGNORED = [
    *[b"1" * 5000, b"-" + b"9" * 400, b"1e400", b"-1e-400", b"1.1"],
    *[b"0.%s" % (b"1" * 5000), b"12345678901234567890", b"null", b"[]", b"1E+2"],
    *[b'"\\ud800"', b'"\\u0000"', b'"\\udc00\\ud800"', b'{"\\u0000": 1}', b'{"": 1}'],
    *[b'{"__proto__": null}', b'{"\\ud800": 1}', b'{"then": 1, "toJSON": 2}'],
]


@pytest.mark.parametrize("value", IGNORED, ids=range(len(IGNORED)))
def test_unknown_properties(alice: User, path: str, value: bytes) -> None:
    """B8: ignored, whatever they hold."""
    for name in (b"unknown", b"id", b"__proto__", b"constructor", b"author"):
        sent = comment(b', "%s": %s' % (name, value))
        sent = sent[:-1] + b', "%s": %s}' % (name, value)
        assert send(alice, path, sent).gives("comment", 201)["body"] == "Text"


def test_a_prototype_is_no_envelope(alice: User, path: str) -> None:
    """B7, B8: what is inherited is not sent."""
    sent = b'{"__proto__": {"comment": {"body": "x"}}}'
    send(alice, path, sent).refuses(422, comment="is missing")
    sent = b'{"comment": {"__proto__": {"body": "x"}}}'
    send(alice, path, sent).refuses(422, body="is missing")


def test_duplicate_keys(alice: User, path: str) -> None:
    """B8: the last counts."""
    sent = b'{"comment": 1, "comment": {"body": 1, "body": "", "body": "last"}}'
    assert send(alice, path, sent).gives("comment", 201)["body"] == "last"
    sent = b'{"comment": {"body": "first", "b\\u006fdy": ""}}'
    send(alice, path, sent).refuses(422, body="can't be blank")


def test_escapes_and_white_space(alice: User, path: str) -> None:
    """B5: JSON may be written in many ways."""
    sent = b' \t\r\n{ "comment" :\n{"body" : "\\u0041\\/\\"\\\\\\b\\f\\n\\r\\t"} }\r\n '
    found = send(alice, path, sent).gives("comment", 201)
    assert found["body"] == 'A/"\\\b\f\n\r\t'


def test_raw_and_escaped_text_are_one(alice: User, path: str) -> None:
    """T1: the body is in UTF-8, the text is what it decodes to."""
    for body in ("\u00e9\u4f60\U0001f409".encode(), b"\\u00e9\\u4f60\\uD83D\\uDC09"):
        sent = b'{"comment": {"body": "%s"}}' % body
        found = send(alice, path, sent).gives("comment", 201)
        assert found["body"] == "\u00e9\u4f60\U0001f409"


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 1000, b"{}", b"x" * 9000])
def test_bodies_where_none_is_wanted(
    alice: User, article: Document, content: bytes
) -> None:
    """B9: not read, whatever they say they are, and the next request is answered."""
    path = f"/articles/{article['slug']}"
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    for method, target in (("POST", f"{path}/favorite"), ("GET", "/tags")):
        reply = alice.request(method, target, content=content, headers=headers)
        assert reply.status == 200, str(reply)
    reply = alice.request("DELETE", path, content=content, headers=headers)
    reply.is_empty()


def test_a_realworld_client(api: Conduit) -> None:
    """B8: clients of the public API send more than they need to."""
    more: Document = {"bio": None, "token": "x", "id": 7, "errors": {}}
    user = {"username": unique(), "email": f"{unique()}@x.org", "password": PASSWORD}
    sent = {"user": user | more}
    found = api.post("/users", sent).gives("user", 201)
    bearer = api.bearing(found["token"])
    update = {"user": found | {"password": PASSWORD, "createdAt": "yesterday"}}
    assert bearer.put("/user", update).gives("user")["email"] == user["email"]
