"""Errors: their one shape, and the order in which faults are found."""

import pytest

from tests.conduit import PASSWORD, Conduit, Document, Reply, User, unique

MEBIBYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
TEXT = {"Content-Type": "text/plain"}
HUGE = b" " * (MEBIBYTE + 1)


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/user/x", "/articles/a/b", "//user"]
)
def test_unknown_paths(api: Conduit, path: str) -> None:
    """E1: 404, key path, with any method."""
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        api.request(method, path).refuses(404, path="not found")


def test_path_and_method_come_first(api: Conduit) -> None:
    """E4: before credentials, media type and body."""
    headers = TEXT | {"Authorization": "Token bad"}
    reply = api.request("PATCH", "/user", content=HUGE, headers=headers)
    reply.refuses(405, method="not allowed")
    reply = api.request("POST", "/nothing", content=HUGE, headers=headers)
    reply.refuses(404, path="not found")


WRITES = [
    ("PUT", "/user"),
    ("POST", "/articles"),
    ("PUT", "/articles/nothing"),
    ("POST", "/articles/nothing/comments"),
]
BODIES = [(b"{", JSON), (HUGE, JSON), (b"{}", TEXT), (b"", JSON), (b"[]", JSON)]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(("content", "headers"), BODIES, ids=range(len(BODIES)))
def test_credentials_come_before_the_body(
    api: Conduit, method: str, path: str, content: bytes, headers: dict[str, str]
) -> None:
    """E4: 401 before 404, 415, 413, 400 and 422."""
    reply = api.request(method, path, content=content, headers=headers)
    reply.refuses(401, token="is missing")


@pytest.mark.parametrize(("content", "headers"), BODIES, ids=range(len(BODIES)))
def test_what_exists_comes_before_the_body(
    alice: User, content: bytes, headers: dict[str, str]
) -> None:
    """E4: 404 before 415, 413, 400 and 422."""
    path = f"/articles/{unique('nothing')}"
    for method, target in (("PUT", path), ("POST", f"{path}/comments")):
        reply = alice.request(method, target, content=content, headers=headers)
        reply.refuses(404, article="not found")


@pytest.mark.parametrize(("content", "headers"), BODIES, ids=range(len(BODIES)))
def test_ownership_comes_before_the_body(
    bob: User, article: Document, content: bytes, headers: dict[str, str]
) -> None:
    """E4: 403 before 415, 413, 400 and 422."""
    path = f"/articles/{article['slug']}"
    reply = bob.request("PUT", path, content=content, headers=headers)
    reply.refuses(403, article="forbidden")


def test_media_type_comes_before_size(alice: User) -> None:
    """E4: 415 before 413."""
    reply = alice.request("POST", "/articles", content=HUGE, headers=TEXT)
    reply.refuses(415, body="must be application/json")


def test_media_type_comes_before_json(alice: User) -> None:
    """E4: 415 before 400."""
    reply = alice.request("POST", "/articles", content=b"{", headers=TEXT)
    reply.refuses(415, body="must be application/json")


def test_size_comes_before_json(alice: User) -> None:
    """E4: 413 before 400."""
    content = b"{" * (MEBIBYTE + 1)
    reply = alice.request("POST", "/articles", content=content, headers=JSON)
    reply.refuses(413, body="is too large")


def test_fields_come_before_uniqueness(api: Conduit, alice: User) -> None:
    """E4: 422 before 409."""
    sent = {"username": alice.username, "email": alice.email, "password": "short"}
    api.post("/users", {"user": sent}).refuses(
        422,
        password="is too short (minimum is 8 characters)",
    )
    sent = {"username": alice.username, "email": "nothing", "password": PASSWORD}
    api.post("/users", {"user": sent}).refuses(422, email="is invalid")


def test_fields_come_before_login(api: Conduit, alice: User) -> None:
    """E4, A6: 422 for what cannot be an address or a password, else 401."""
    blank = "can't be blank"
    api.post("/users/login", {"user": {"email": "", "password": None}}).refuses(
        422, email=blank, password=blank
    )
    api.post("/users/login", {"user": {"email": 1}}).refuses(
        422,
        email="must be a string",
        password="is missing",
    )
    long = {"email": "x" * 255, "password": "x" * 129}
    api.post("/users/login", {"user": long}).refuses(
        422,
        email="is too long (maximum is 254 characters)",
        password="is too long (maximum is 128 characters)",
    )
    nul = {"email": alice.email, "password": "\0"}
    api.post("/users/login", {"user": nul}).refuses(
        422,
        password="contains invalid characters",
    )


ENVELOPES = [
    ("POST", "/users", "user"),
    ("POST", "/users/login", "user"),
    ("PUT", "/user", "user"),
    ("POST", "/articles", "article"),
    ("PUT", "{article}", "article"),
    ("POST", "{article}/comments", "comment"),
]


@pytest.mark.parametrize(("method", "path", "key"), ENVELOPES)
def test_envelopes(
    alice: User, article: Document, method: str, path: str, key: str
) -> None:
    """B7: what is no object, what has no envelope, and an envelope that is none."""
    path = path.format(article=f"/articles/{article['slug']}")

    def refuse(document: Document, name: str, message: str) -> None:
        alice.request(method, path, document).refuses(422, **{name: message})

    none: list[Document] = [None, [], "text", 1, 1.5, True, False, [{}]]
    for value in none:
        refuse(value, "body", "must be an object")
        refuse({key: value}, key, "must be an object")
    for name in ("other", key.upper(), f" {key}"):
        refuse({name: {}}, key, "is missing")
    refuse({}, key, "is missing")


SURROGATES = [b"\\ud800", b"a\\udfffb", b"\\udc00\\ud800", b"\\ud83d x", b"\\uD83D"]


@pytest.mark.parametrize("escape", SURROGATES)
def test_unpaired_surrogates(alice: User, article: Document, escape: bytes) -> None:
    """T3: refused in every text, in tags too; a pair is one character."""
    path = f"/articles/{article['slug']}"
    invalid = "contains invalid characters"

    def edit(content: bytes) -> Reply:
        return alice.request("PUT", path, content=content, headers=JSON)

    for field in ("title", "description", "body"):
        content = b'{"article": {"%s": "%s"}}' % (field.encode(), escape)
        edit(content).refuses(422, **{field: invalid})
    tags = b'{"article": {"tagList": ["ok", "%s"]}}' % escape
    edit(tags).refuses(422, tagList=invalid)
    content = b'{"user": {"bio": "%s"}}' % escape
    reply = alice.request("PUT", "/user", content=content, headers=JSON)
    reply.refuses(422, bio=invalid)
    pair = edit(b'{"article": {"body": "\\ud83d\\udc09"}}').gives("article")
    assert pair["body"] == "\U0001f409"
