"""The code of an exported test: requests as they were, and what must be answered."""

import json
from typing import Any

import jwt
import pytest

from comparison.export.code import call, literal, paragraph, quoted, statement, template
from comparison.export.pytest_module import export_pytest
from comparison.export.steps import ExportError
from comparison.findings.results import Finding
from comparison.plans.plan import Plan, Step

SECRET = "a secret that is long enough for HS256 and for HS512, which wants 64 bytes"
WORLD = [
    {"request": "POST /users", "json": [{"name": "a-${run}"}], "save": {"alice": ""}}
]


def finding(
    step: Step, kind: str, where: str, bodies: list[Any], **more: Any
) -> Finding:
    """A finding of two stacks, which answered 200 with these bodies."""
    replies = {
        name: {"status": 200, "headers": [["X-A", "1"]], "body": body}
        for name, body in zip(("old", "new"), bodies, strict=True)
    }
    usual: dict[str, Any] = {
        "id": "x",
        "operation": "getNote",
        "theme": "",
        "kind": kind,
        "where": where,
        "severity": "visible",
        "stacks": ["old", "new"],
        "values": ["one", "other"],
        "groups": [["old"], ["new"]],
        "count": 1,
        "stable": True,
        "blamed": [],
        "rules": [],
        "lacks": "",
        "plan": Plan("p", (step,)).as_json(),
        "step": 0,
        "request": "",
        "replies": replies,
        "reproduce": {},
        "handlers": {},
    }
    return Finding(**{**usual, **more})


def exported(one: Finding, **header: Any) -> str:
    return export_pytest([one], {"base": "/v1", **header})


def sent(step: Step, **header: Any) -> tuple[Any, ...]:
    """What an exported test gives to `send`."""
    found: list[Any] = []
    text = exported(finding(step, "status", "status", [{}, {}]), **header)
    scope: dict[str, Any] = {}
    exec(compile(text, "exported", "exec"), scope)  # noqa: S102 - our own output

    class Reply:
        status_code = 200

    def send(*arguments: Any) -> Reply:
        found.append(arguments)
        return Reply()

    scope["send"] = send
    scope["SECRET_KEY"] = SECRET
    token = jwt.encode({"sub": "7"}, SECRET)
    test = scope["test_getNote_status"]
    test({"alice_token": token, "run": "r"}) if "alice_token = " in text else test()
    arguments: tuple[Any, ...]
    [arguments] = found
    return arguments


@pytest.mark.parametrize(
    ("step", "arguments"),
    [
        (Step("GET /a"), ("GET", "/v1/a")),
        (Step("GET ~/health"), ("GET", "/health")),
        (
            Step('GET /a//b/../%zz?x=[1]&y="{}"'),
            ("GET", '/v1/a//b/../%zz?x=[1]&y="{}"'),
        ),
        (Step("PUT /a", hex="ff00"), ("PUT", "/v1/a", {}, b"\xff\0")),
        (Step("PUT /a", text="é\n'\"\\{}"), ("PUT", "/v1/a", {}, "é\n'\"\\{}")),
        (Step("PUT /a", text="\ud800"), ("PUT", "/v1/a", {}, b"\xed\xa0\x80")),
        (Step("PUT /a", json=(None,)), ("PUT", "/v1/a", {}, "null")),
        (Step("PUT /a", text="${repeat ab 2}"), ("PUT", "/v1/a", {}, "abab")),
        (Step("PUT /a", text="${repeat $ 1}{x}"), ("PUT", "/v1/a", {}, "${x}")),
        (
            Step("PUT /a", text="<${repeat x 999}>"),
            ("PUT", "/v1/a", {}, f"<{'x' * 999}>"),
        ),
        (Step("GET /a", headers={"Accept": None}), ("GET", "/v1/a", {"Accept": None})),
        (Step("GET /a", headers={"X": "é€"}), ("GET", "/v1/a", {"X": b"\xe9?"})),
    ],
)
def test_a_request_is_written_as_it_was_sent(
    step: Step, arguments: tuple[Any, ...]
) -> None:
    assert sent(step) == arguments


def test_json_is_sent_with_its_types() -> None:
    value = {"a": [1, 1.5, None, True, "${repeat x 3}"], "${repeat k 2}": {}}
    body = sent(Step("POST /a", json=(value,)))[3]
    assert json.loads(body) == {"a": [1, 1.5, None, True, "xxx"], "kk": {}}


CLAIMS = {
    "foreign": {"sub", "iat", "exp"},
    "unsigned": {"sub", "iat", "exp"},
    "expired": {"sub", "iat", "exp"},
    "endless": {"sub", "iat"},
    "undated": {"sub", "exp"},
    "nobody": {"iat", "exp"},
    "ghost": {"sub", "iat", "exp"},
    "word": {"sub", "iat", "exp"},
    "hs512": {"sub", "iat", "exp"},
    "audience": {"sub", "iat", "exp", "aud", "iss"},
}


@pytest.mark.parametrize("identity", CLAIMS)
def test_tokens_that_are_wrong_in_one_way_are_minted(identity: str) -> None:
    steps = [*WORLD, {"request": "GET /a", "identity": "alice"}]
    headers = sent(Step("GET /a", identity=identity), world=steps)[2]
    scheme, _, token = headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims.keys() == CLAIMS[identity]
    subjects = {"ghost": "9007199254740991", "word": "alice", "nobody": None}
    assert claims.get("sub") == subjects.get(identity, "7")
    head = jwt.get_unverified_header(token)
    assert head["alg"] == {"unsigned": "none", "hs512": "HS512"}.get(identity, "HS256")
    own = identity not in {"foreign", "unsigned"}
    if own:
        unchecked: Any = {"verify_exp": False, "verify_aud": False}
        jwt.decode(token, SECRET, algorithms=[head["alg"]], options=unchecked)


@pytest.mark.parametrize(
    ("identity", "value"),
    [("malformed", "Key not.a.token"), ("other-scheme", "Basic dXNlcjpwYXNzd29yZA==")],
)
def test_credentials_go_out_as_they_are_configured(identity: str, value: str) -> None:
    how = {"header": "X-Key", "format": "Key {token}"}
    arguments = sent(Step("GET /a", identity=identity), credentials=how)
    assert arguments[2] == {"X-Key": value}


def test_what_httpx_cannot_send_is_refused() -> None:
    step = Step("GET /a", headers={"Host": None})
    with pytest.raises(ExportError, match="use the curl line"):
        exported(finding(step, "status", "status", [{}, {}]))


NOTE = {
    "a": {"id": 1, "t": "2026-01-01T00:00:00.000Z", "u": "2026-01-01T00:00:00.000Z"}
}
OTHER = {"a": {"id": "1", "t": "2026-01-01T00:00:00Z", "u": "2026-01-01T00:00:01Z"}}


@pytest.mark.parametrize(
    ("kind", "where", "bodies", "more", "line"),
    [
        ("type", "/a/id", [NOTE, OTHER], {}, "type(found) is int"),
        ("format", "/a/t", [NOTE, OTHER], {}, r"\.\d{3}Z"),
        ("time", "/a/u", [NOTE, OTHER], {}, 'found == reply.json()["a"]["t"]'),
        ("value", "/a", [{"a": 1}, {"a": 2}], {}, "expected = 1"),
        ("value", "/a", [{"a": 1}, {"a": 2}], {"blamed": ["old"]}, "expected = 2"),
        ("value", "/a", [{"a": True}, {"a": False}], {}, "found is True"),
        ("null", "/a", [{"a": None}, {"a": 1}], {}, "found is None"),
        ("missing", "/a", [{"a": None}, {}], {}, '"a" in reply.json()'),
        ("extra", "/a", [{}, {"a": 1}], {}, '"a" not in reply.json()'),
        ("value", "/*/a", [[{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}]], {}, "[1]"),
        ("length", "/a", [{"a": [1]}, {"a": []}], {}, "len(found) == 1"),
        ("header", "x-a", [{}, {}], {}, 'reply.headers.get("x-a") == "1"'),
        ("header", "x-b", [{}, {}], {}, '"x-b" not in reply.headers'),
        ("not-json", "body", ["x", {}], {"values": ["empty", "JSON"]}, '== b""'),
        ("not-json", "body", [{}, "x"], {"values": ["JSON", "x"]}, "is_json(reply"),
        ("order", "/a", [{"a": [2, 1]}, {"a": [1, 2]}], {}, "expected = [2, 1]"),
    ],
)
def test_what_is_right_is_asserted(
    kind: str, where: str, bodies: list[Any], more: dict[str, Any], line: str
) -> None:
    if kind == "time":
        more = {"values": ["<time 0, as the first>", "<time 0, after the first>"]}
    text = exported(finding(Step("GET /a"), kind, where, bodies, **more))
    assert line in text
    compile(text, "exported", "exec")


def test_code_is_laid_out_as_a_formatter_would() -> None:
    assert quoted("it's") == '"it\'s"'
    assert quoted('say "x"\n\x00é€😀') == r"""'say "x"\n\x00\xe9\u20ac\U0001f600'"""
    assert template("/a/${b.c}/{d}", in_target=True) == 'f"/a/{segment(b_c)}/{{d}}"'
    assert template("${a.b}") == "a_b"
    short = call("send", literal({"a": [1, None]}))
    assert statement("reply = ", short) == '    reply = send({"a": [1, None]})'
    long = call("send", literal({"a" * 30: "b" * 50}), end="1")
    assert statement("", long, 0).splitlines() == [
        "send(",
        "    {",
        f'        "{"a" * 30}": "{"b" * 50}",',
        "    },",
        "    end=1,",
        ")",
    ]
    whole = paragraph("message", "word " * 40)
    scope: dict[str, str] = {}
    exec(whole.replace("    message", "message"), scope)  # noqa: S102 - our own output
    assert scope["message"].split() == ["word"] * 40
