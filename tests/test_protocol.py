"""HTTP itself: targets, methods, headers of replies."""

import pytest

from tests.conduit import Conduit, Document, User
from tests.contract import DOCUMENT, OPERATIONS, Operation, strict_json
from tests.servers import Server
from tests.wire import exchange

pytestmark = pytest.mark.any_backend

KIBIBYTE = 1024
METHODS = ("get", "put", "post", "delete")


def allowed(path: str) -> str:
    """Rule P7, from the contract's document."""
    methods = {name.upper() for name in METHODS if name in DOCUMENT["paths"][path]}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods | {"OPTIONS"}))


def fill(path: str) -> str:
    for name, value in (("{username}", "x"), ("{slug}", "x"), ("{id}", "1")):
        path = path.replace(name, value)
    return f"/api{path}"


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_options(stack: Server, path: str) -> None:
    """P7, P8: 204 with Allow, without credentials, whether or not anything is there."""
    reply = exchange(stack.url, "OPTIONS", fill(path), Origin="https://a.example")
    assert (reply.status, reply.content) == (204, b"")
    assert reply.headers["allow"] == allowed(path)
    assert reply.headers["access-control-allow-methods"] == allowed(path)
    wanted = "Authorization, Content-Type, X-Requested-With"
    assert reply.headers["access-control-allow-headers"] == wanted
    assert reply.headers["access-control-max-age"] == "600"
    assert not {"content-type", "content-length"} & set(reply.headers)


OTHERS = [
    (method, path)
    for path in DOCUMENT["paths"]
    for method in ("GET", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
    if method not in allowed(path).split(", ")
]


@pytest.mark.parametrize(("method", "path"), OTHERS)
def test_other_methods(stack: Server, method: str, path: str) -> None:
    """P7: 405 with a complete Allow."""
    reply = exchange(stack.url, method, fill(path))
    reply.refuses(405, method="not allowed")
    assert reply.headers["allow"] == allowed(path)


GETS = [it for it in OPERATIONS.values() if it.method == "get"]


@pytest.mark.parametrize("operation", GETS, ids=lambda it: it.id)
@pytest.mark.parametrize("token", [None, "bad"])
def test_head(stack: Server, operation: Operation, token: str | None) -> None:
    """P6: as GET, with the same status and headers, without the body."""
    path = fill(operation.path)
    headers = {} if token is None else {"Authorization": f"Token {token}"}
    whole = exchange(stack.url, "GET", path, **headers)
    bare = exchange(stack.url, "HEAD", path, **headers)
    assert (bare.status, bare.content) == (whole.status, b"")
    assert without_date(bare.headers) == without_date(whole.headers)


def without_date(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


def test_head_of_an_article(stack: Server, article: Document) -> None:
    """P6: Content-Length too, of a body that is not small."""
    path = f"/api/articles/{article['slug']}"
    whole = exchange(stack.url, "GET", path)
    bare = exchange(stack.url, "HEAD", path)
    assert without_date(bare.headers) == without_date(whole.headers)
    assert whole.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize(
    "path", ["/api/tags/", "/api/Tags", "/API/tags", "/api//tags", "/tags", "/api"]
)
def test_paths_are_exact(stack: Server, path: str) -> None:
    """P5: case and slashes count, and nothing is redirected."""
    for method in ("GET", "POST", "OPTIONS"):
        exchange(stack.url, method, path).refuses(404, path="not found")


BROKEN = ["%", "%4", "%zz", "a%", "%G0", "%%32%35", "%u0041"]
NOT_UTF_8 = ["%ff", "%C0%80", "%ED%A0%80", "%E9", "a%C3", "%F4%90%80%80"]
NUL = ["%00", "a%00b"]
CONTROL = ["%0A", "%01", "a%1Fb", "%7F", "%0d%0a"]


@pytest.mark.parametrize("part", BROKEN + NOT_UTF_8 + NUL)
def test_malformed_targets(stack: Server, part: str) -> None:
    """P1, E4: 400 wherever it stands, before anything else is looked at."""
    for path in ("/api/articles/", "/api/profiles/", "/nothing/", "/api/user/"):
        for method in ("GET", "PATCH", "DELETE"):
            reply = exchange(stack.url, method, path + part)
            reply.refuses(400, path="is malformed")
    for query in ("tag=", "", "unknown=", "tag=x&limit="):
        for path in ("/api/articles", "/api/tags", "/api/user", "/nothing"):
            reply = exchange(stack.url, "GET", f"{path}?{query}{part}")
            reply.refuses(400, query="is malformed")


@pytest.mark.parametrize("part", CONTROL)
def test_control_characters_in_targets(stack: Server, part: str) -> None:
    """P1: malformed in a path; in a query they are text like any other."""
    for path in ("/api/articles/", "/api/profiles/", "/nothing/"):
        exchange(stack.url, "GET", path + part).refuses(400, path="is malformed")
    assert exchange(stack.url, "GET", f"/api/articles?tag={part}").status == 200


def test_needless_escapes(stack: Server, alice: User, article: Document) -> None:
    """P2: an escaped letter is the letter, in fixed parts of the path too."""
    slug = "".join(f"%{ord(letter):02x}" for letter in article["slug"])
    for path in (f"/api/articles/{slug}", f"/%61pi/articl%65s/{article['slug']}"):
        reply = exchange(stack.url, "GET", path)
        assert strict_json(reply.content)["article"] == article
    name = "".join(f"%{ord(letter):02X}" for letter in alice.username)
    reply = exchange(stack.url, "GET", f"/api/profiles/{name}")
    assert strict_json(reply.content)["profile"]["username"] == alice.username
    reply = exchange(stack.url, "GET", f"/api/articles?%61uthor={name}&limit=1")
    assert strict_json(reply.content)["articles"]


@pytest.mark.parametrize("slash", ["%2F", "%2f"])
def test_escaped_slashes(stack: Server, article: Document, slash: str) -> None:
    """P2: they never separate, and no path has one."""
    for path in (
        *[f"/api{slash}tags", f"/api/articles{slash}{article['slug']}"],
        *[f"/api/articles/a{slash}b", f"/api/profiles/{slash}"],
    ):
        exchange(stack.url, "GET", path).refuses(404, path="not found")


def test_queries_of_odd_form(stack: Server) -> None:
    """Q2: empty parts and names without a value are no error."""
    for query in ("", "&", "&&limit=1", "x", "=", "=x", "tag", "limit=1&", "a=b=c"):
        reply = exchange(stack.url, "GET", f"/api/articles?{query}")
        assert reply.status == 200, query


def test_whitespace_is_no_credential(stack: Server) -> None:
    """A1: a header of spaces is empty; one of junk is invalid."""
    for value in ("", "   ", "\t"):
        reply = exchange(stack.url, "GET", "/api/user", Authorization=value)
        reply.refuses(401, token="is missing")
    for value in ("\xff", "Token \xe9\xe9", "Token \xc3\xa9", "Token \x80"):
        reply = exchange(stack.url, "GET", "/api/user", Authorization=value)
        reply.refuses(401, token="is invalid")


SAMPLES = [
    *[("GET", "/api/tags"), ("GET", "/api/user"), ("GET", "/nothing")],
    *[("PATCH", "/api/user"), ("OPTIONS", "/api/user"), ("GET", "/health")],
    *[("POST", "/api/users"), ("GET", "/api/articles/%00"), ("HEAD", "/api/tags")],
    *[("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/api/articles/x")],
]


@pytest.mark.parametrize(("method", "path"), SAMPLES)
def test_headers_of_every_reply(stack: Server, method: str, path: str) -> None:
    """P8 to P10: open to every origin; no word about the server; no ETag."""
    asking = {
        "Origin": "https://a.example",
        "Accept_Encoding": "gzip, br",
        "If_None_Match": "*",
    }
    reply = exchange(stack.url, method, path, **asking)
    if stack.process is not None:
        assert reply.headers["access-control-allow-origin"] == "*"
    unwanted = {"server", "x-powered-by", "etag", "content-encoding"}
    unwanted |= {"access-control-allow-credentials", "transfer-encoding"}
    assert not unwanted & set(reply.headers)
    if reply.content:
        assert reply.headers["content-length"] == str(len(reply.content))
    if reply.content and path not in ("/docs", "/redoc"):
        assert reply.headers["content-type"] == "application/json"


def test_accept_is_not_looked_at(api: Conduit) -> None:
    """P9: a reply is application/json, whatever is asked for."""
    for accept in ("text/html", "application/xml;q=1", "nonsense", "image/*"):
        reply = api.request("GET", "/tags", headers={"Accept": accept})
        assert isinstance(reply.gives("tags"), list)
