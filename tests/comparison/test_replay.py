"""What a browser recorded is read, and asked again of a server with other ids."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from comparison.contracts.contract import Contract, load_contract
from comparison.exchanges.exchange import Reply, Request
from comparison.plans.binding import save
from comparison.plans.plan import build
from comparison.recordings.har import Recorded, RecordingError, read_har
from comparison.recordings.replay import Replay, plan_of

HERE = Path(__file__).parent
RECORDINGS = HERE / "recordings"
# A browser's session: register, log in, write, read, favourite, comment, delete.
SESSION = [201, 200, 200, 200, 201, 200, 200, 200, 200, 204, 200, 204]


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(HERE.parents[1] / "contract" / "openapi.yaml")


class Other:
    """A server of the same API that mints other tokens, slugs and ids."""

    def __init__(self) -> None:
        self.password = self.token = self.slug = ""
        self.comments: set[str] = set()

    def answer(self, request: Request) -> Reply:
        value = json.loads(request.body or b"null")
        status, body = self._answer(request, value)
        content = b"" if body is None else json.dumps(body).encode()
        return Reply(status, (), content)

    def _answer(self, request: Request, sent: Any) -> tuple[int, Any]:
        method, path = request.method, request.target.partition("?")[0]
        parts = path.removeprefix("/api/").split("/")
        if parts == ["users"]:
            self.password = sent["user"]["password"]
            return 201, {"user": {"token": "first.token.0"}}
        if parts == ["users", "login"]:
            right = sent["user"]["password"] == self.password
            self.token = "another.kind-of.token"
            return (200, {"user": {"token": self.token}}) if right else (401, None)
        headers = dict(request.headers)
        if parts != ["tags"] and headers["Authorization"] != f"Token {self.token}":
            return 401, None
        if method == "GET" and parts in (["articles"], ["tags"]):
            return 200, {}
        return self._article(method, parts, sent)

    def _article(self, method: str, parts: list[str], sent: Any) -> tuple[int, Any]:
        if method == "POST" and len(parts) == 1:
            self.slug = "7/ö " + sent["article"]["body"]
            return 201, {"article": {"slug": self.slug}}
        if parts[1] != "7%2F%C3%B6%20Bees%20%24%7Bhum%7D%20%26%20hum":
            return 404, None
        if method == "POST" and parts[2:] == ["comments"]:
            self.comments.add("90210")
            return 200, {"comment": {"id": 90210}}
        if method == "DELETE" and parts[2:3] == ["comments"]:
            self.comments.remove(parts[3])
            return 204, None
        return (204 if method == "DELETE" else 200), None


def replayed(replay: Replay, server: Other) -> list[int]:
    values: dict[str, Any] = {"secret": replay.secrets}
    statuses = []
    for step in replay.plan.steps:
        reply = server.answer(build(step, values, "h", "/api"))
        save(step, reply, values)
        statuses.append(reply.status)
    return statuses


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_a_session_works_on_a_server_that_mints_other_values(
    browser: str, contract: Contract
) -> None:
    replay = plan_of(read_har(RECORDINGS / f"{browser}.har"), contract)
    server = Other()
    assert replayed(replay, server) == SESSION
    assert server.password == "honey-and-wax"
    assert server.comments == set()
    assert (replay.origin, replay.base) == ("https://api.example.org", "/v2")
    assert replay.plan.id == f"replay/{browser}"


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_the_plan_has_no_secret_and_no_noise(browser: str, contract: Contract) -> None:
    replay = plan_of(read_har(RECORDINGS / f"{browser}.har"), contract)
    text = json.dumps(replay.plan.as_json())
    assert replay.secrets == {"1": "honey-and-wax"}
    assert "honey" not in text
    assert "eyJ" not in text
    sent = {name for step in replay.plan.steps for name in step.headers}
    assert sent == {"Accept", "Authorization", "Content-Type"}


def test_what_is_left_out_is_told(contract: Contract) -> None:
    [note] = plan_of(read_har(RECORDINGS / "chrome.har"), contract).notes
    assert note == (
        "5 of the recorded requests were left out: 1 preflights of the browser,"
        " 1 web sockets, 1 blocked or aborted, 1 to https://app.example.org,"
        " 1 to https://cdn.example.net."
    )


def har(folder: Path, *entries: Mapping[str, Any]) -> Path:
    path = folder / "some.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    return path


def entry(request: Mapping[str, Any], **response: Any) -> dict[str, Any]:
    usual = {"method": "GET", "url": "http://h/api/tags", "headers": []}
    return {
        "request": {**usual, **request},
        "response": {"status": 200, "headers": [], "content": {}, **response},
    }


def only(path: Path) -> Recorded:
    [exchange] = read_har(path).exchanges
    return exchange


def typed(kind: str) -> list[dict[str, str]]:
    return [{"name": "content-type", "value": kind}]


FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
PARAMS = [{"name": "a", "value": "b c"}]


@pytest.mark.parametrize(
    ("posted", "headers", "body"),
    [
        (None, [], None),
        (None, [{"name": "Content-Length", "value": "0"}], b""),
        ({"mimeType": "text/plain", "text": "ä"}, [], "ä".encode()),
        ({"mimeType": FORM, "params": PARAMS}, typed(FORM), b"a=b+c"),
        ({"mimeType": FORM, "params": PARAMS, "text": "a=b%20c"}, [], b"a=b%20c"),
        ({"text": "AP8=", "encoding": "base64"}, [], b"\0\xff"),
        (
            {"mimeType": MULTIPART, "params": [{**PARAMS[0], "fileName": "f"}]},
            typed(f"{MULTIPART}; boundary=xx"),
            b'--xx\r\nContent-Disposition: form-data; name="a"; filename="f"'
            b"\r\n\r\nb c\r\n--xx--\r\n",
        ),
    ],
)
def test_bodies_are_read_in_every_form(
    tmp_path: Path, posted: Any, headers: Any, body: bytes | None
) -> None:
    request = {"headers": headers} | ({"postData": posted} if posted else {})
    assert only(har(tmp_path, entry(request))).body == body


def test_a_boundary_is_named_where_the_recording_lacks_it(tmp_path: Path) -> None:
    posted = {"mimeType": MULTIPART, "params": PARAMS}
    exchange = only(har(tmp_path, entry({"postData": posted})))
    boundary = exchange.header("content-type").partition("boundary=")[2]
    assert exchange.body is not None
    assert exchange.body.endswith(f"--{boundary}--\r\n".encode())


def test_replies_are_decoded(tmp_path: Path) -> None:
    content = {"text": base64.b64encode(b"\xff{}").decode(), "encoding": "base64"}
    assert only(har(tmp_path, entry({}, content=content))).reply_body == b"\xff{}"


def test_exchanges_are_in_order_of_time(tmp_path: Path) -> None:
    late = entry({"url": "http://h/b"}) | {"startedDateTime": "2026-01-02T00:00:00Z"}
    early = entry({"url": "http://h/a"}) | {"startedDateTime": "2026-01-01T00:00:00Z"}
    paths = [one.path for one in read_har(har(tmp_path, late, early)).exchanges]
    assert paths == ["/a", "/b"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", ":1: it is not JSON"),
        (b'{"log": {"entries": [{"a":', ":1: it is cut short"),
        (b'{"log": {"entries": [{"a": "bc', ":1: it is cut short"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"[]", "it has no log.entries"),
        (b"[" * 100_000, "is nested too deep"),
        (b'{"log": {"entries": []}}', "it is empty"),
        (b'{"log": {"entries": [7, {}]}}', "2 damaged"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "some.har"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"some\.har") as error:
        read_har(path)
    assert said in str(error.value)


def test_a_recording_of_another_api_says_so(tmp_path: Path, contract: Contract) -> None:
    recording = read_har(har(tmp_path, entry({"url": "http://h/other"})))
    with pytest.raises(RecordingError, match=r"requests to http://h\."):
        plan_of(recording, contract)


def test_a_sanitized_recording_is_noticed(tmp_path: Path, contract: Contract) -> None:
    recording = read_har(har(tmp_path, entry({"url": "http://h/api/user"})))
    [note] = plan_of(recording, contract).notes
    assert note.startswith("1 of the requests need credentials and have none.")


def test_what_the_contract_does_not_know_comes_if_asked_for(
    tmp_path: Path, contract: Contract
) -> None:
    urls = ["http://h/v1/tags", "http://h/v1/new?a=1", "http://h/health"]
    recording = read_har(har(tmp_path, *(entry({"url": url}) for url in urls)))
    few, every = (plan_of(recording, contract, outside=o).plan for o in (False, True))
    assert [step.request for step in few.steps] == ["GET /tags"]
    assert [step.request for step in every.steps] == [
        "GET /tags",
        "GET /new?a=1",
        "GET ~/health",
    ]
