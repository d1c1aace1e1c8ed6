"""Protocol: what the contract asks of HTTP itself, before and around every handler."""

import asyncio
import json
import logging
import re
import time
from array import array
from collections.abc import Callable, Coroutine
from itertools import accumulate
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cors import cors_headers
from errors import ApiError, internal, not_found

LARGEST_HEAD = 16 * 1024
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

CONTROL = re.compile(rb"%(?:[01][0-9A-F]|7F)", re.I)

logger = logging.getLogger("uvicorn.error")
# Who holds it may parse a large body.
turn = asyncio.Lock()


class Protocol:
    """Middleware around the whole application: refusals, CORS, the last resort."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_with_cors(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                origin = Headers(scope=scope).get("origin")
                MutableHeaders(scope=message).update(cors_headers(origin))
            await send(message)

        try:
            refusal = refuse(scope)
            app = refusal.reply() if refusal else self.app
            await app(scope, receive, send_with_cors)
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            await internal().reply()(scope, receive, send_with_cors)


def refuse(scope: Scope) -> ApiError | None:
    """Return the refusal of a request that no handler may see, else None."""
    target, query = scope["raw_path"], scope["query_string"]
    # Uvicorn leaves the white space around a header's value, Node takes it off.
    fields = ((name, value.strip(b" \t")) for name, value in scope["headers"])
    head = sum(len(name) + len(value) for name, value in fields)
    if malformed(target) or CONTROL.search(target):
        return ApiError(400, {"path": "is malformed"})
    if malformed(query):
        return ApiError(400, {"query": "is malformed"})
    if len(target) + len(query) + head > LARGEST_HEAD:
        return ApiError(431, {"headers": "are too large"})
    if scope["http_version"] == "1.1" and not Headers(scope=scope).get("host"):
        return ApiError(400, {"host": "is missing"})
    if b"%2f" in target.lower():
        return not_found("path")
    return None


def malformed(target: bytes) -> bool:
    """Tell whether an escape is broken, is not UTF-8, or is NUL."""
    if b"%" not in target:
        return False
    if re.search(rb"%(?![0-9A-Fa-f]{2})|%00", target):
        return True
    try:
        unquote_to_bytes(target).decode()
    except UnicodeDecodeError:
        return True
    return False


class ContractRoute(APIRoute):
    """A route that also answers HEAD, and reads requests strictly."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if self.methods and "GET" in self.methods:
            self.methods.add("HEAD")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            strict = ContractRequest(request.scope, request.receive)
            try:
                return await handle(strict)
            except RequestValidationError as error:
                raise strict.body_fault or error from None

        return handle_strictly


class ContractRequest(Request):
    """A request whose body and query are read strictly.

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

    @property
    def query_params(self) -> QueryParams:
        return StrictQuery(self.scope["query_string"])


class StrictQuery(QueryParams):
    """A query whose repeated parameter is a list, so that a scalar refuses it."""

    def get(self, key: Any, default: Any = None) -> Any:
        values = self.getlist(key)
        return values if len(values) > 1 else super().get(key, default)


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
