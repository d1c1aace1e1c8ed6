"""Answers that are not right void a figure before it is measured, with the reason."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from comparison.running import attach
from comparison.speed.asked import Asked
from comparison.speed.check import Lane, agreeing, checked
from comparison.speed.record import Subject
from comparison.speed.servers import Server
from tests.comparison.served import Answer, Serve
from tests.comparison.served import Asked as Sent

GET = Asked("GET", "/x", {}, None, 200)
Reach = Callable[[str], Server]


@pytest.fixture
def reach() -> Iterator[Reach]:
    with requests.Session() as session:

        def reached(url: str) -> Server:
            name = url.rpartition(":")[2]
            return Server(Subject(name, name, "stack"), attach(name, url), session)

        yield reached


def always(value: Any, status: int = 200) -> Callable[[Sent], Answer]:
    return lambda _: (status, value)


def lane_of(serve: Serve, reach: Reach, value: Any, *, steady: bool = True) -> Lane:
    (server,) = serve(value if callable(value) else always(value))
    return checked(reach(server.url), [GET], steady=steady)


def test_a_right_answer_is_expected_again(serve: Serve, reach: Reach) -> None:
    lane = lane_of(serve, reach, {"a": "ä"})
    assert lane.void is None
    assert [one.expected for one in lane.asked] == ['{"a": "\\u00e4"}']
    assert lane.size == len('{"a": "\\u00e4"}')


def test_text_is_utf_8_whatever_its_type_says(serve: Serve, reach: Reach) -> None:
    lane = lane_of(
        serve, reach, lambda _: (200, "ä€".encode(), {"Content-Type": "a/b"})
    )
    assert lane.asked[0].expected == "ä€"


def test_what_varies_may_be_answered_otherwise(serve: Serve, reach: Reach) -> None:
    lane = lane_of(serve, reach, {"a": 1}, steady=False)
    assert lane.void is None
    assert lane.asked[0].expected is None


def test_a_wrong_status_is_void(serve: Serve, reach: Reach) -> None:
    assert lane_of(serve, reach, always({}, 500)).void == "GET /x: 500 instead of 200"


def test_a_redirection_is_not_followed(serve: Serve, reach: Reach) -> None:
    lane = lane_of(
        serve, reach, lambda _: (302, {}, {"Location": "http://example.org"})
    )
    assert lane.void == "GET /x: 302 instead of 200"


def test_what_says_something_else_the_second_time_is_void(
    serve: Serve, reach: Reach
) -> None:
    numbers = iter(range(9))
    lane = lane_of(serve, reach, lambda _: (200, next(numbers)))
    assert lane.void is not None
    assert lane.void.startswith("GET /x: another reply the second time")
    assert lane.void.endswith("`varies` in workloads.toml")


def test_where_nobody_answers_it_is_void(reach: Reach) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        lane = checked(reach(url), [GET], steady=True)
    assert lane.void == "GET /x: no answer (ConnectionError)"


@pytest.mark.parametrize("headers", [{"X": "a\nb"}, {"X": "\u20ac"}])
def test_what_cannot_be_sent_is_void(
    headers: dict[str, str], serve: Serve, reach: Reach
) -> None:
    (server,) = serve(always({}))
    asked = replace(GET, headers=headers)
    lane = checked(reach(server.url), [asked], steady=True)
    assert lane.void is not None
    assert lane.void.startswith("GET /x: no answer (")
    assert not server.asked


def test_a_path_of_any_length_is_cut(serve: Serve, reach: Reach) -> None:
    (server,) = serve(always({}, 404))
    lane = checked(reach(server.url), [replace(GET, path="/" + "x" * 999)], steady=True)
    assert len(lane.void or "") < 200


def test_a_number_that_comes_once_is_filled_in(serve: Serve, reach: Reach) -> None:
    (server,) = serve(always({}, 201))
    post = Asked("POST", "/{unique}", {}, '"{unique}"', 201)
    checked(reach(server.url), [post, post], steady=False)
    paths, bodies = zip(*((one.path, one.body) for one in server.asked), strict=True)
    assert len({*paths}) == len({*bodies}) == 2
    assert not server.sent("{unique}")


def test_another_reply_than_the_first_is_void(serve: Serve, reach: Reach) -> None:
    lanes = [lane_of(serve, reach, value) for value in ({"a": 1}, {"a": 2}, {"a": 1})]
    first, second, third = agreeing(lanes)
    assert first.void is third.void is None
    assert second.void == f"GET /x: another reply than that of {first.name}"


def test_json_may_be_written_otherwise(serve: Serve, reach: Reach) -> None:
    lanes = [
        lane_of(serve, reach, value)
        for value in (b'{"a":1,"b":2}', b'{"b": 2, "a": 1}')
    ]
    assert [one.void for one in agreeing(lanes)] == [None, None]


def test_the_first_that_is_right_is_held_against_the_others(
    serve: Serve, reach: Reach
) -> None:
    values = (always({}, 500), always(1), always(2))
    wrong, first, other = agreeing([lane_of(serve, reach, value) for value in values])
    assert wrong.void == "GET /x: 500 instead of 200"
    assert first.void is None
    assert other.void == f"GET /x: another reply than that of {first.name}"


def test_a_path_in_its_url_takes_the_place_of_the_base(
    serve: Serve, reach: Reach
) -> None:
    (server,) = serve(always({}))
    there = reach(f"{server.url}/v2")
    there.base, there.running.headers = "/api", {"X-Tenant": "blue"}
    lane = checked(there, [replace(GET, path="/api/x?y")], steady=True)
    assert lane.void is None
    assert {one.path for one in server.asked} == {"/v2/x?y"}
    assert server.asked[0].headers["X-Tenant"] == "blue"
    assert lane.placed[0].path == "/v2/x?y"
