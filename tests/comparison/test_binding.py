"""What a step keeps of a reply, and what else an identity may send."""

import base64
import json
from typing import Any

import jwt
import pytest

from comparison.contracts.contract import Operation
from comparison.exchanges.exchange import Failure, Reply
from comparison.exchanges.partition import Split
from comparison.exchanges.trace import Taken
from comparison.findings.silence import missing_rule
from comparison.mask import Mask
from comparison.plans.binding import save
from comparison.plans.identity import (
    ANONYMOUS,
    Credentials,
    NoSecret,
    authorization,
    is_user,
    needs_secret,
)
from comparison.plans.plan import Step, Unbound

SECRET = "a secret of at least thirty-two characters"
TOKEN = jwt.encode({"sub": "7"}, SECRET, algorithm="HS256")
WORLD = {"run": "w", "alice": {"token": TOKEN}}
PLAIN = Credentials("X-Key", "Key {token}")


def _saved(source: str, headers: Any = (), body: bytes = b"") -> Any:
    values: dict[str, Any] = {}
    save(Step("GET /", save={"it": source}), Reply(200, tuple(headers), body), values)
    return values.get("it")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", {"a": [{"b": 1}]}),
        ("/a/0/b", 1),
        ("/a/1", None),
        ("header:Location", "http://h/v1/things/x%20y?z=1"),
        ("header:location/-1", "x y"),
        ("header:location/-2", "things"),
        ("header:location/-9", None),
        ("header:location/last", None),
        ("header:absent", None),
        ("cookie:sid", "new=1"),
        ("cookie:other", None),
    ],
)
def test_what_is_saved(source: str, value: Any) -> None:
    headers = [
        ("Location", "http://h/v1/things/x%20y?z=1"),
        ("Set-Cookie", "sid=old; Path=/"),
        ("set-cookie", "sid=new=1; HttpOnly"),
    ]
    assert _saved(source, headers, b'{"a": [{"b": 1}]}') == value


def test_what_a_later_reply_lacks_is_unbound_again() -> None:
    values: dict[str, Any] = {"it": 1}
    save(Step("GET /", save={"it": "/a"}), Reply(200, (), b"no json"), values)
    assert values == {}
    save(Step("GET /", save={"it": "/a"}), Failure("closed", ""), values)
    assert values == {}


def test_a_dotted_name_is_a_key() -> None:
    values: dict[str, Any] = {"alice": {"name": "a"}}
    step = Step("GET /", save={"alice.token": "/t", "bob.token": "/t"})
    save(step, Reply(200, (), b'{"t": "x"}'), values)
    assert values == {"alice": {"name": "a", "token": "x"}, "bob": {"token": "x"}}


def test_credentials_are_sent_as_the_configuration_says() -> None:
    assert authorization("alice", WORLD, None, PLAIN) == f"Key {TOKEN}"
    assert authorization(ANONYMOUS, WORLD, None, PLAIN) is None
    malformed = authorization("malformed", WORLD, None, PLAIN)
    assert malformed == "Key not.a.token"
    other = authorization("other-scheme", WORLD, None, PLAIN) or ""
    assert base64.b64decode(other.removeprefix("Basic ")).startswith(b"user:")
    with pytest.raises(Unbound):
        authorization("bob", WORLD, None, PLAIN)


@pytest.mark.parametrize(
    ("identity", "algorithm", "verified"),
    [
        ("foreign", "HS256", False),
        ("unsigned", "none", False),
        ("ghost", "HS256", True),
    ],
)
def test_a_token_that_is_wrong_in_one_way(
    identity: str, algorithm: str, verified: bool
) -> None:
    sent = authorization(identity, WORLD, SECRET, PLAIN) or ""
    token = sent.removeprefix("Key ")
    assert jwt.get_unverified_header(token)["alg"] == algorithm
    if verified:
        assert jwt.decode(token, SECRET, algorithms=["HS256"])["sub"] != "7"
    else:
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(token, SECRET, algorithms=["HS256"])


def test_only_who_knows_the_secret_signs() -> None:
    with pytest.raises(NoSecret):
        authorization("expired", WORLD, None, PLAIN)
    assert needs_secret("expired")
    assert not needs_secret("unsigned")
    assert is_user("alice")
    assert not any(map(is_user, ("anonymous", "other-scheme", "expired")))


@pytest.mark.parametrize(
    ("kind", "where", "values", "said"),
    [
        ("status", "status", ("401", "403"), "401 or 403"),
        ("header", "etag", ("(absent)", "x"), "`etag`"),
        ("extra", "/a", ("(absent)", "1"), "additionalProperties"),
        ("order", "/items", ("[1]", "[2]"), "in which order /items"),
        ("length", "/items", ("1 item", "2 items"), "how many"),
        ("value", "/a", ("1", "2"), "which value /a"),
    ],
)
def test_what_the_contract_lacks(
    kind: str, where: str, values: tuple[str, ...], said: str
) -> None:
    operation = Operation("getThing", "GET", "/things", {})
    nothing: Any = ()
    taken = Taken(
        Step("GET /things"),
        operation,
        "getThing",
        *(nothing,) * 6,
    )
    split = Split(kind, where, values, ((0,), (1,)))
    rule = missing_rule("getThing", split, taken)
    assert said in rule
    assert "getThing" in rule
    stranger = Taken(Step("HEAD /x"), None, "HEAD /x", *(nothing,) * 6)
    assert "no operation" in missing_rule("HEAD /x", split, stranger)


def test_a_plan_is_masked_by_known_secrets_alone() -> None:
    plan = {"json": [{"password": "made-up"}], "headers": {"X": "Bearer known-secret"}}
    masked = Mask(["known-secret"]).plan(plan)
    assert masked == {
        "json": [{"password": "made-up"}],
        "headers": {"X": "Bearer ***"},
    }
    assert json.dumps(Mask(["known-secret"]).value(plan)).count("***") == 2
