"""Secrets are hidden in every form and place; nothing else is touched."""

import base64
import json
import urllib.parse

import pytest

from comparison.known_secrets import HIDDEN
from comparison.mask import Mask, is_secret
from comparison.plan_mask import is_damaged

SECRET = 'p"ä ss/w+rd'
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote(SECRET, safe="").lower(),
        urllib.parse.quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
    ],
)
def test_a_known_secret_is_hidden_in_every_form(text: str) -> None:
    assert Mask([SECRET]).text(f"before {text} after") == f"before {HIDDEN} after"


@pytest.mark.parametrize("user", ["a", "ab", "abc", "abcd"])
@pytest.mark.parametrize("after", ["", "x", "yz"])
def test_a_secret_cannot_be_had_from_base64(user: str, after: str) -> None:
    for secret in ("hunter22", "hunter222", "hunter2222"):
        coded = base64.b64encode(f"{user}:{secret}{after}".encode()).decode()
        masked = Mask([secret]).text(f"Look: {coded}")
        assert HIDDEN in masked
        assert len(masked) < len(coded)


def test_the_longest_of_secrets_that_hold_each_other_is_hidden_whole() -> None:
    assert Mask(["abcd", "abcd-efgh"]).text("x abcd-efgh abcd y") == "x *** *** y"


def test_a_short_secret_takes_nothing_from_a_text() -> None:
    mask = Mask(["1", "", "abc"])
    assert mask.text("11 abc 1") == "11 abc 1"
    assert mask.value({"password": "1", "count": 1}) == {"password": "***", "count": 1}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Token abc.def", "Token ***"),
        ("authorization", "Basic dTpw", "Basic ***"),
        ("Authorization", "abc", "***"),
        ("Authorization", "", ""),
        ("Proxy-Authorization", "Digest a=b, c=d", "Digest ***"),
        ("Cookie", "sid=abc; theme=dark", "sid=***; theme=***"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=***; Path=/; HttpOnly"),
        ("Set-Cookie", "sid=; Max-Age=0", "sid=; Max-Age=0"),
        ("X-Api-Key", "k", "***"),
        ("x-csrf-token", "k", "***"),
        ("Content-Type", "application/json", "application/json"),
        ("X-Request-Id", "abc", "abc"),
        ("Location", f"/done?token={TOKEN}", "/done?token=***"),
        ("Authorization", "Token ${alice.token}", "Token ${alice.token}"),
    ],
)
def test_headers_keep_their_scheme_and_the_names_of_cookies(
    name: str, value: str, shown: str
) -> None:
    assert Mask().headers([(name, value)]) == [(name, shown)]


def test_values_are_hidden_by_their_keys() -> None:
    value = {
        "user": {"accessToken": "x", "client_secret": "y", "name": "z", "pwd": 12},
        "list": [{"apiKey": "k", "token": None, "password": ""}],
        "next_page_token": "5",
        "tokens": 12,
        "token_type": "bearer",
    }
    assert Mask().value(value) == {
        "user": {
            "accessToken": "***",
            "client_secret": "***",
            "name": "z",
            "pwd": "***",
        },
        "list": [{"apiKey": "***", "token": None, "password": ""}],
        "next_page_token": "5",
        "tokens": 12,
        "token_type": "bearer",
    }


def test_what_is_said_of_a_field_is_shown() -> None:
    value = {"errors": {"password": "is too short", "token": ["is missing"]}}
    assert Mask().value(value) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a {TOKEN} b", "a *** b"),
        (
            "curl -H 'Authorization: Token abc' x",
            "curl -H 'Authorization: Token ***' x",
        ),
        ('{"user": {"password": "a b"}}', '{"user": {"password": "***"}}'),
        (r'"{\"password\":\"a b\"}"', r'"{\"password\":\"***\"}"'),
        (r'{"pwd": "a\"b", "c": ""}', '{"pwd": "***", "c": ""}'),
        (r'"{\"pwd\":\"a\\\"b\"}"', r'"{\"pwd\":\"***\"}"'),
        ('{"pwd": "", "c": "d"}', '{"pwd": "", "c": "d"}'),
        ("user=a&password=b%20c&x=1", "user=a&password=***&x=1"),
        ("/a?access_token=b&c=d", "/a?access_token=***&c=d"),
        ("token is missing", "token is missing"),
    ],
)
def test_a_text_is_masked_by_its_places(text: str, shown: str) -> None:
    assert Mask().text(text) == shown


def test_placeholders_are_never_damaged() -> None:
    mask = Mask(["alice", "dotted"])
    plan = {"token": "${alice.token}", "path": "/a/${alice.token}/b"}
    assert mask.value(plan) == plan
    assert mask.text("Token ${alice.token}, alice") == "Token ${alice.token}, ***"


def test_a_mask_of_none_shows_everything() -> None:
    mask = Mask.none()
    assert mask.text(TOKEN) == TOKEN
    assert mask.value({"password": "x"}) == {"password": "x"}
    assert mask.headers([("Cookie", "a=b")]) == [("Cookie", "a=b")]


def test_any_input_comes_through() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert Mask().value(deep) == HIDDEN
    assert Mask(["\ud800abc"]).text("\ud800abc") == HIDDEN
    assert Mask(["abcd"]).body(b"\xff abcd \0") == b"\xff *** \0"
    assert json.loads(Mask().body(b'{"password": "x"}')) == {"password": HIDDEN}


def test_names_tell_secrets_as_words() -> None:
    secret = ["token", "accessToken", "API_KEY", "X-Api-Key", "userPassword", "JWT"]
    other = ["key", "tokens", "passwords_seen", "secretary", "nextPageToken", "monkey"]
    assert [name for name in secret + other if is_secret(name)] == secret


def test_what_is_learnt_is_hidden_from_then_on() -> None:
    mask = Mask()
    assert mask.text("a opaque-key-1 b") == "a opaque-key-1 b"
    mask.learn(["opaque-key-1"])
    assert mask.text("a opaque-key-1 b") == "a *** b"
    assert mask.text("a opaque-k… b") == "a ***… b"
    assert mask.text("a … ue-key-1 b") == "a … *** b"
    assert mask.text("opaque-ke<random#1>") == "***<random#1>"


def test_a_secret_that_is_a_word_is_none_within_another() -> None:
    mask = Mask(["password"])
    assert mask.text("POST /password-resets: password") == "POST /password-resets: ***"


def test_a_header_of_any_name_may_bear_credentials() -> None:
    mask = Mask(names=["X-Auth", "k"])
    assert mask.headers([("x-auth", "abc")]) == [("x-auth", "***")]
    assert mask.text("curl -H 'X-Auth: abc' /a?k=d&l=e") == (
        "curl -H 'X-Auth: ***' /a?k=***&l=e"
    )
    assert Mask(names=["Session"]).text("session: a") == "session: ***"


@pytest.mark.parametrize(
    ("kind", "where", "value", "shown"),
    [
        ("header", "set-cookie", "a=b; Path=/, c=d", "a=***; Path=/, c=***"),
        (
            "header",
            "set-cookie",
            "a=b; Expires=Wed, 09 Jun 2027",
            "a=***; Expires=Wed, 09 Jun 2027",
        ),
        ("header", "set-cookie", "(absent)", "(absent)"),
        ("header", "vary", "Cookie", "Cookie"),
        ("value", "/user/api_key", '"abc"', "***"),
        ("value", "/keys/*/secret/*", '"abc"', "***"),
        ("type", "/pwd", "12", "***"),
        ("value", "/user/token", '"<token#1>"', '"<token#1>"'),
        ("missing", "/user/token", "(absent)", "(absent)"),
        ("null", "/user/token", "null", "null"),
        ("value", "/user/name", '"abc"', '"abc"'),
        ("missing", "/user", '{"pwd": "ab…', '{"pwd": "***…'),
    ],
)
def test_a_value_is_hidden_by_its_place(
    kind: str, where: str, value: str, shown: str
) -> None:
    assert Mask().difference(kind, where, value) == shown


def test_what_a_schema_says_of_a_cookie_is_hidden() -> None:
    assert "abc" not in Mask().text('Set-Cookie: "sid=abc" is too short')


def test_a_plan_is_masked_in_whole_values() -> None:
    step = {
        "request": "POST /password-resets/password/a1-b2?q=password&password=x",
        "headers": {"password": "password", "X": "Bearer a1-b2"},
        "json": [{"password": "password", "note": "my password"}],
        "text": '{"password": "password", "n": 1.10}',
        "save": {"password": "/password"},
    }
    plan = {"id": "password", "steps": [step]}
    assert Mask(["password", "a1-b2"]).plan(plan) == {
        "id": "password",
        "steps": [
            {
                "request": "POST /password-resets/password/***?q=***&password=x",
                "headers": {"password": "***", "X": "Bearer ***"},
                "json": [{"password": "***", "note": "my password"}],
                "text": '{"password": "***", "n": 1.10}',
                "save": {"password": "/password"},
            }
        ],
    }
    assert is_damaged(Mask(["password"]).plan(plan))
    assert not is_damaged({**plan, "title": "***", "steps": []})
    form = {"request": "POST /a", "text": "password=password&a=b+c"}
    assert Mask(["password"]).plan(form)["text"] == "password=***&a=b+c"


def test_of_a_source_known_secrets_alone_are_hidden() -> None:
    code = 'headers = {"password": word, "Authorization": f"Token {token}"}'
    assert Mask([SECRET]).source(code) == code
    assert Mask([SECRET]).source(f'token = "{SECRET}"') == f'token = "{HIDDEN}"'
