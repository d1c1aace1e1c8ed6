"""Bodies: JSON in a request, read strictly and within limits."""

import asyncio
import json
import re
import time
from array import array
from itertools import accumulate
from typing import Any

from fastapi import Request

from errors import ApiError

LARGEST_BODY = 1024 * 1024
# What takes so long to parse that others must be heard in between.
LARGE_BODY = 64 * 1024
DEEPEST = 64
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.S)
STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))
MEDIA_TYPE = re.compile(
    r'application/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*(utf-8|"utf-8")[ \t]*)?', re.I
)

# Who holds it may parse a large body.
turn = asyncio.Lock()


class StrictBody(Request):
    """A request whose body is read strictly.

    Differs: FastAPI reads the body before it runs any dependency, Express when the
    chain of handlers comes to it. So a fault of the body is kept here until
    credentials and ownership are checked; then the lack of a body fails validation.
    """

    body_fault: ApiError | None = None

    async def body(self) -> bytes:
        self.body_fault = self._fault_of_headers()
        parts: list[bytes] = []
        size = 0
        if self.body_fault is None or self.body_fault.status == 415:
            async for part in self.stream():
                size += len(part)
                if size > LARGEST_BODY:
                    self.body_fault = self.body_fault or body_error(413, "is too large")
                    break
                parts.append(part)
            if size == 0:
                self.body_fault = body_error(400, "is missing")
        self._body = b"".join(parts)
        return self._body

    async def json(self) -> Any:
        if self.body_fault:
            return None
        if len(self._body) > LARGE_BODY:
            await turn.acquire()
        begin = time.perf_counter()
        try:
            return parse(self._body)
        except ApiError as fault:
            self.body_fault = fault
            return None
        finally:
            if len(self._body) > LARGE_BODY:
                # After a large body as long a time for everybody else.
                pause = time.perf_counter() - begin
                asyncio.get_running_loop().call_later(pause, turn.release)

    def _fault_of_headers(self) -> ApiError | None:
        if not MEDIA_TYPE.fullmatch(self.headers.get("content-type", "")):
            return body_error(415, "must be application/json")
        encodings = ", ".join(self.headers.getlist("content-encoding")).strip(" \t")
        if encodings.lower() not in ("", "identity"):
            return body_error(415, "must be unencoded")
        if int(self.headers.get("content-length", 0)) > LARGEST_BODY:
            return body_error(413, "is too large")
        return None


def body_error(status: int, message: str) -> ApiError:
    return ApiError(status, {"body": message})


def parse(body: bytes) -> dict[str, Any]:
    """Return the object that a JSON text holds; raise ApiError if there is none."""
    try:
        text = body.decode()
        if depth(body) > DEEPEST:
            raise body_error(400, "is nested too deeply")
        # No request holds a number; as floats they may have any length.
        value = json.loads(text, parse_int=float, parse_constant=no_constant)
    except ValueError:
        raise body_error(400, "is not valid JSON") from None
    if not isinstance(value, dict):
        raise body_error(422, "must be an object")
    return value


def no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def depth(body: bytes) -> int:
    """Return how deep brackets nest, before a parser recurses into them.

    It is enough to know that it is too deep.
    """
    brackets = STRING.sub(b"", body).translate(STEPS, NO_BRACKETS)
    level = deepest = 0
    for start in range(0, len(brackets), 4096):
        # As signed bytes +1 and -1: a loop over a mebibyte of them takes a second.
        steps = array("b", brackets[start : start + 4096])
        deepest = max(deepest, *accumulate(steps, initial=level))
        if deepest > DEEPEST:
            break
        level += sum(steps)
    return deepest
