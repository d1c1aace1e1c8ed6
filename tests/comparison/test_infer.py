"""Values of earlier replies are bound on evidence, and nothing else is."""

import json
import re
from typing import Any

import pytest

from comparison.plans.plan import Step, fill, literal
from comparison.recordings.evidence import is_strong, words
from comparison.recordings.har import Headers, Recorded
from comparison.recordings.infer import Asked, bound

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
JSON = ("Content-Type", "application/json")


def asked(  # noqa: PLR0913 - an exchange has so many parts
    request: str,
    reply: Any = None,
    *,
    template: str | None = None,
    body: Any = None,
    headers: Headers = (),
    gives: Headers = (),
) -> Asked:
    method, target = request.split(" ", 1)
    sent = body.encode() if isinstance(body, str) else None
    if body is not None and sent is None:
        sent, headers = json.dumps(body).encode(), (*headers, JSON)
    answer = b"" if reply is None else json.dumps(reply).encode()
    recorded = Recorded(method, f"http://h{target}", headers, sent, 200, gives, answer)
    return Asked(recorded, target, template)


def steps(*every: Asked) -> tuple[Step, ...]:
    return bound(every)[0]


NOTE = asked("POST /notes", {"note": {"id": 7, "limit": 20, "slug": "my-note"}})


@pytest.mark.parametrize(
    ("request_", "template", "made"),
    [
        ("GET /notes/7", "/notes/{id}", "/notes/${r0.note.id}"),
        ("GET /notes/7", None, "/notes/${r0.note.id}"),
        (
            "GET /notes/7/pages/7",
            "/notes/{id}/pages/{page}",
            "/notes/${r0.note.id}/pages/7",
        ),
        ("GET /notes/my-note", "/notes/{slug}", "/notes/${r0.note.slug}"),
        ("GET /n/my-note", "/n/{slug}", "/n/${r0.note.slug}"),
        ("GET /x?note_id=7", "/x", "/x?note_id=${r0.note.id}"),
        ("GET /x?noteId=7&limit=20", "/x", "/x?noteId=${r0.note.id}&limit=20"),
        ("GET /x?page=7", "/x", "/x?page=7"),
        ("GET /x?user_id=7", "/x", "/x?user_id=7"),
        ("GET /users/7", "/users/{id}", "/users/7"),
        ("GET /notes/20", "/notes/{id}", "/notes/20"),
    ],
)
def test_a_short_value_is_bound_where_it_means_the_same(
    request_: str, template: str | None, made: str
) -> None:
    made_step = steps(NOTE, asked(request_, template=template))[1]
    assert made_step.target == made


def test_of_equal_ids_that_of_the_same_thing_is_taken() -> None:
    first, second = asked("POST /notes", {"id": 1}), asked("POST /users", {"id": 1})
    made = steps(first, second, asked("DELETE /notes/1"), asked("DELETE /users/1"))
    assert [step.target for step in made[2:]] == ["/notes/${r0.id}", "/users/${r1.id}"]
    assert [dict(step.save) for step in made[:2]] == [{"r0": ""}, {"r1": ""}]


def test_the_latest_reply_wins_but_a_list_is_the_last_resort() -> None:
    old = asked("POST /notes", {"id": UUID})
    new = asked("GET /notes/x", {"id": UUID}, template="/notes/{id}")
    listed = asked("GET /notes", [{"id": UUID}])
    use = asked(f"GET /notes/{UUID}")
    assert steps(old, new, use)[2].target == "/notes/${r1.id}"
    assert steps(old, listed, use)[2].target == "/notes/${r0.id}"
    assert steps(listed, use)[1].target == "/notes/${r0.0.id}"


def test_what_the_client_sent_first_is_its_own() -> None:
    name = "maya-1234567"
    register = asked("POST /users", {"username": name}, body={"username": name})
    made = steps(register, asked(f"GET /profiles/{name}"))
    assert made[1].target == f"/profiles/{name}"
    assert made[0].save == {}


def read(text: str | None) -> Any:
    """A body of a plan, in which a placeholder of JSON is one of texts."""
    text = (text or "").replace("${inner ", "${")
    return json.loads(re.sub(r"\$\{json (.*?)\}", r'"${\1}"', text))


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ({"ref": UUID}, {"ref": "${r0.id}"}),
        ({"text": f"see /n/{UUID}!"}, {"text": "see /n/${r0.id}!"}),
        ({"count": 12345678}, {"count": "${r0.big}"}),
        ({"count": 3, "on": True, "off": None}, {"count": 3, "on": True, "off": None}),
        ({"lang": "en", "kind": "note"}, {"lang": "en", "kind": "note"}),
        ({"day": "2026-10-05", "tag": "javascript"}, None),
        ({"note": {"id": 5}}, {"note": {"id": "${r0.note.id}"}}),
        ({"id": 5}, {"id": "${r0.note.id}"}),
    ],
)
def test_leaves_of_a_body_are_bound(body: Any, made: Any) -> None:
    reply = {"id": UUID, "big": 12345678, "count": 3, "on": True, "lang": "en"}
    reply |= {"kind": "note", "day": "2026-10-05", "tags": ["javascript"], "empty": ""}
    first = asked("POST /notes", {**reply, "note": {"id": 5}})
    step = steps(first, asked("POST /notes", body=body))[1]
    assert read(step.text) == (body if made is None else made)


def test_forms_headers_and_queries_are_bound() -> None:
    first = asked(
        "POST /notes",
        {"id": UUID},
        gives=(("ETag", '"a1b2c3d4"'), ("X-Csrf-Token", "q")),
    )
    headers = (("if-match", '"a1b2c3d4"'), ("X-CSRF-Token", "q"))
    form = (*headers, ("Content-Type", "application/x-www-form-urlencoded"))
    step = steps(first, asked("PUT /x", body=f"a={UUID}&b=%24%7B&c", headers=form))[1]
    assert step.headers["If-Match"] == "${r0_etag}"
    assert step.headers["X-Csrf-Token"] == "${r0_x_csrf_token}"
    assert step.text == "a=${r0.id}&b=%24%7B&c"


def test_the_place_of_what_was_made_is_bound() -> None:
    first = asked("POST /notes", gives=(("Location", "/v1/notes/7"),))
    made = steps(first, asked("GET /notes/7", template="/notes/{id}"))
    assert made[0].save == {"r0_location": "header:Location/-1"}
    assert made[1].target == "/notes/${r0_location}"


def test_cookies_come_from_set_cookie_or_are_secrets() -> None:
    first = asked("POST /login", gives=(("Set-Cookie", "sid=x1; Path=/; HttpOnly"),))
    sent = (("cookie", "sid=x1"), ("cookie", "theme=dark"))
    made, secrets = bound([first, asked("GET /x", headers=sent)])
    assert made[0].save == {"r0_set_cookie_sid": "cookie:sid"}
    assert made[1].headers["Cookie"] == "sid=${r0_set_cookie_sid}; theme=${secret.1}"
    assert secrets == {"1": "dark"}


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "Proxy-Authorization"])
def test_a_credential_that_the_client_brought_is_a_secret(name: str) -> None:
    headers = ((name, "Bearer abc"),)
    made, secrets = bound([asked("GET /x", {"token": "abc"}, headers=headers)] * 2)
    assert [step.headers for step in made] == [{name: "Bearer ${secret.1}"}] * 2
    assert secrets == {"1": "abc"}


def test_a_short_token_is_bound_by_its_name() -> None:
    headers = (("Authorization", "Bearer t1"),)
    step = steps(asked("POST /login", {"token": "t1"}), asked("GET /", headers=headers))
    assert step[1].headers == {"Authorization": "Bearer ${r0.token}"}


def test_secrets_are_taken_from_bodies_and_queries() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"
    sent = asked(
        f"POST /x?access_token=t&y={token}", body={"user": {"password": "p", "a": "b"}}
    )
    [step], secrets = bound([sent])
    assert step.text == '{"user": {"password": ${json secret.1}, "a": "b"}}'
    assert sorted(secrets.values()) == sorted(["p", "t", token])
    assert "access_token=${secret." in step.target


@pytest.mark.parametrize("text", ["${a}", "a ${repeat x 3} b", "$${", "${", "$1 {}"])
def test_text_that_looks_like_a_placeholder_comes_out_as_it_was(text: str) -> None:
    assert fill(literal(text), {}) == text


def test_bytes_that_are_no_text_are_kept() -> None:
    recorded = Recorded("PUT", "http://h/x", (), b"\xff\0", 200)
    [step], _ = bound([Asked(recorded, "/x")])
    assert (step.hex, step.headers) == ("ff00", {"Content-Type": None})


def test_strong_values_are_those_that_nobody_types() -> None:
    strong = [UUID, "k3x9qa", "12345678", "a" * 24, "how-to-1a2b3c4d"]
    weak = ["en", "true", "20", "2026-10-05", "javascript", "Hello world 12345", "v1"]
    assert [text for text in strong + weak if is_strong(text)] == strong


def test_words_are_compared_in_the_singular() -> None:
    assert words("articleIds") == words("article_id") == {"article", "id"}
    assert words("categories", "address") == {"category", "address"}
