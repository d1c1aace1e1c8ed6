"""No header and no method becomes a second request, whoever wrote it."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.contracts.contract import ContractError
from comparison.exchanges.exchange import Request
from comparison.plans.plan import Step, Unbound, build
from comparison.plans.scenarios import load_scenarios
from comparison.recordings.har import RecordingError, read_har

SECOND = "1\r\nContent-Length: 0\r\n\r\nDELETE /x HTTP/1.1\r\nHost: z"


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/x", (("X-A", SECOND),)),
        Request("GET", "/x", (("X-A", "a\nb"),)),
        Request("GET", "/x", (("X-A", "a\0b"),)),
        Request("GET", "/x", (("X-A: 1\r\nX-B", "c"),)),
        Request("GET", "/x", (("A B", "c"),)),
        Request("GET /y HTTP/1.1\r\nX: y\r\n\r\nDELETE", "/x"),
        Request("G ET", "/x"),
        Request("", "/x"),
    ],
)
def test_what_would_be_another_request_is_not_sent(request_: Request) -> None:
    with pytest.raises(ValueError, match=r"holds"):
        request_.wire()


def test_what_a_stack_gave_ends_no_header() -> None:
    step = Step("GET /x", headers={"If-Match": "${tag}"})
    assert ("If-Match", "a") in build(step, {"tag": "a"}, "h", "").headers
    with pytest.raises(Unbound, match=r"header If-Match holds a line break"):
        build(step, {"tag": SECOND}, "h", "")


def test_a_scenario_with_a_line_break_in_a_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scenarios.yaml"
    step = {"request": "GET /x", "headers": {"X-A": SECOND, "X-B": None}}
    file.write_text(json.dumps({"world": [step]}))
    with pytest.raises(ContractError, match=r"GET /x.*header X-A holds a line break"):
        load_scenarios(file)


def _entry(**request: Any) -> dict[str, Any]:
    asked = {"method": "GET", "url": "http://h/x", "headers": [], **request}
    response = {"status": 200, "headers": [], "content": {"text": "{}"}}
    return {"request": asked, "response": response}


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": [{"name": "X-A", "value": SECOND}]},
        {"headers": [{"name": "X-A\r\nB", "value": "c"}]},
        {"postData": {"mimeType": f"text/plain{SECOND}", "text": "a"}},
        {"method": "G ET"},
        {"method": "GET /y HTTP/1.1\r\n\r\nDELETE"},
    ],
)
def test_a_recorded_one_is_left_out_and_told(
    tmp_path: Path, request_: dict[str, Any]
) -> None:
    file = tmp_path / "session.har"
    entries = [_entry(), _entry(**request_)]
    file.write_text(json.dumps({"log": {"entries": entries}}))
    recording = read_har(file)
    assert len(recording.exchanges) == 1
    assert recording.left_out == {"damaged in method or headers": 1}
    file.write_text(json.dumps({"log": {"entries": entries[1:]}}))
    with pytest.raises(RecordingError, match="1 damaged in method or headers"):
        read_har(file)
