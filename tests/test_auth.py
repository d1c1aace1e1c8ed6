"""Credentials: who may ask, and how they say so."""

import string
import time

import pytest

from tests.conduit import Conduit, Document, Reply, User, unique
from tests.contract import DOCUMENT, OPERATIONS, Operation
from tests.servers import Server
from tests.tokens import decode, encode, parts, sign

NUMBER = time.time()


def security(operation: Operation) -> list[Document]:
    node = DOCUMENT["paths"][operation.path][operation.method]
    found: list[Document] = node.get("security", DOCUMENT["security"])
    return found


PUBLIC = [it for it in OPERATIONS.values() if not security(it)]
OPTIONAL = [it for it in OPERATIONS.values() if {} in security(it)]
PRIVATE = [it for it in OPERATIONS.values() if security(it) and it not in OPTIONAL]


def call(who: Conduit, operation: Operation, header: str | None) -> Reply:
    """Ask for something that does not exist, with a body that is none."""
    path = operation.path.replace("{username}", unique()).replace("{id}", "x")
    return who.request(
        operation.method.upper(),
        path.replace("{slug}", unique("nothing")),
        content=b"{" if operation.method in ("post", "put") else None,
        headers={} if header is None else {"Authorization": header},
    )


def test_every_operation_is_public_optional_or_private() -> None:
    """A1, A3: by the contract's security."""
    assert [len(PUBLIC), len(OPTIONAL), len(PRIVATE)] == [3, 4, 12]


@pytest.mark.parametrize("operation", PRIVATE, ids=lambda it: it.id)
@pytest.mark.parametrize("header", [None, ""])
def test_no_credentials(api: Conduit, operation: Operation, header: str | None) -> None:
    """A1, E4: 401 before anything is looked up or read; an empty header is none."""
    call(api, operation, header).refuses(401, token="is missing")


def spare(signature: str) -> str:
    """The same bytes, with a bit in the last character that belongs to none of them."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    last = alphabet.find(signature[-1])
    return signature[:-1] + alphabet[last ^ 1]


def bad_headers(token: str) -> dict[str, str]:
    header, payload, signature = parts(token)
    unsigned = encode({"alg": "none", "typ": "JWT"})
    other = "A" if signature[0] != "A" else "B"
    return {
        "scheme alone": "Token",
        "other scheme": f"Basic {token}",
        "token alone": token,
        "no token": "Token not-a-token",
        "dots": "Token ..",
        "more": f"Token {token} more",
        "quotes": f'Token "{token}"',
        "parameter": f"Token token={token}",
        "both schemes": f"Token Bearer {token}",
        "no signature": f"Token {header}.{payload}.",
        "two parts": f"Token {header}.{payload}",
        "other signature": f"Token {header}.{payload}.{other}{signature[1:]}",
        "spare bits": f"Token {header}.{payload}.{spare(signature)}",
        "other payload": f"Token {header}.{encode({'sub': '1'})}.{signature}",
        "algorithm none": f"Token {unsigned}.{payload}.",
        "algorithm none, signed": f"Token {unsigned}.{payload}.{signature}",
        "long": "Token " + "x" * 8000,
    }


@pytest.mark.parametrize("label", bad_headers("a.b.c"))
@pytest.mark.parametrize("name", ["getCurrentUser", "listArticles"])
def test_bad_credentials(alice: User, api: Conduit, label: str, name: str) -> None:
    """A1, A3: anything but a valid token is invalid, also where none is needed."""
    header = bad_headers(alice.token or "")[label]
    call(api, OPERATIONS[name], header).refuses(401, token="is invalid")


@pytest.mark.parametrize("operation", PRIVATE + OPTIONAL, ids=lambda it: it.id)
def test_bad_token_everywhere(api: Conduit, operation: Operation) -> None:
    """A1, A3, E4: before anything is looked up or read."""
    call(api, operation, "Token bad").refuses(401, token="is invalid")


def test_credentials_are_not_looked_at_where_they_mean_nothing(
    api: Conduit, alice: User
) -> None:
    """A3: the contract knows no token for tags, registration and login."""
    bad = api.bearing("bad")
    assert isinstance(bad.get("/tags").gives("tags"), list)
    assert bad.register().username
    assert bad.log_in(alice.email, alice.password).gives("user")


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER", "tOkEn"])
def test_schemes(api: Conduit, alice: User, scheme: str) -> None:
    """A1: Token or Bearer, in any case."""
    headers = {"Authorization": f"{scheme} {alice.token}"}
    user = api.request("GET", "/user", headers=headers).gives("user")
    assert user["username"] == alice.username


@pytest.fixture
def secret(stack: Server) -> str:
    if stack.process is None or stack.process.secret is None:
        pytest.skip("signs tokens; with --url the secret is somebody else's")
    return stack.process.secret


def test_claims_of_a_token(alice: User) -> None:
    """A2: the id in decimal as text, iat and exp in seconds."""
    claims = decode(alice.token or "")
    assert claims["sub"].isdecimal()
    assert claims["iat"] <= time.time() + 5
    assert claims["exp"] > time.time()


def test_a_token_of_one_s_own(api: Conduit, alice: User, secret: str) -> None:
    """A2: other claims, `aud` and `iss` among them, are not looked at."""
    claims = decode(alice.token or "") | {"aud": "x", "iss": "y", "nbf": 0}
    user = api.bearing(sign(claims, secret)).get("/user").gives("user")
    assert user["username"] == alice.username


def bad_claims(good: Document) -> dict[str, Document]:
    without = {name: {k: v for k, v in good.items() if k != name} for name in good}
    expired = good | {"iat": int(NUMBER) - 7200, "exp": int(NUMBER) - 3600}
    subjects = ["", "x", "0", "-1", "+1", "1.0", "1e0", " 1", "\u0661", "9" * 40]
    return (
        {f"no {name}": claims for name, claims in without.items()}
        | {
            "expired": expired,
            "not yet": good | {"nbf": 2**40},
            "nobody": good | {"sub": str(2**40)},
        }
        | {f"sub {subject!a}": good | {"sub": subject} for subject in subjects}
        | {"sub null": good | {"sub": None}, "sub list": good | {"sub": ["1"]}}
        | {"exp text": good | {"exp": "never"}, "exp null": good | {"exp": None}}
        | {"list": [good], "text": "claims", "bytes": b"{"}
    )


GOOD = {"sub": "1", "iat": int(NUMBER), "exp": int(NUMBER) + 3600}


@pytest.mark.parametrize("label", bad_claims(GOOD))
def test_bad_claims(api: Conduit, alice: User, secret: str, label: str) -> None:
    """A2: a signature is not enough."""
    claims = {name: decode(alice.token or "")[name] for name in GOOD}
    bearer = api.bearing(sign(bad_claims(claims)[label], secret))
    bearer.get("/user").refuses(401, token="is invalid")


def test_other_secret_or_algorithm(api: Conduit, alice: User, secret: str) -> None:
    """A2: HS256 with this server's secret and nothing else."""
    claims = decode(alice.token or "")
    for token in (sign(claims, "other" + secret), sign(claims, secret, "HS512")):
        reply = api.bearing(token).get("/user")
        reply.refuses(401, token="is invalid")


def test_passwords_stay_on_the_server(alice: User, article: Document) -> None:
    """A7: neither a password nor its hash is in any reply about a user."""
    paths = ["/user", alice.profile, "/articles", f"/articles/{article['slug']}"]
    for path in paths:
        content = alice.get(path).content
        assert b"argon2" not in content
        assert alice.password.encode() not in content
