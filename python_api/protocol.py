"""Protocol: what the contract asks of HTTP itself, before and around every handler."""

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bodies import StrictBody
from cors import cors_fields
from errors import ApiError, internal, not_found

LARGEST_HEAD = 16 * 1024
CONTROL = re.compile(rb"%(?:[01][0-9A-F]|7F)", re.I)

logger = logging.getLogger("uvicorn.error")


class Protocol:
    """Middleware around the whole application: refusals, CORS, the last resort."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        # Of a header that comes twice the first one counts.
        headers = dict(reversed(scope["headers"]))

        # No coroutine of its own, which each message would have to pass through.
        def send_with_cors(message: Message) -> Awaitable[None]:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] += cors_fields(headers.get(b"origin"))
            return send(message)

        try:
            refusal = refuse(scope, headers)
            app = refusal.reply() if refusal else self.app
            await app(scope, receive, send_with_cors)
        except Exception:
            logger.exception("%s %s failed", scope["method"], scope["path"])
            if started:
                raise
            await internal().reply()(scope, receive, send_with_cors)


def refuse(scope: Scope, headers: dict[bytes, bytes]) -> ApiError | None:
    """Return the refusal of a request that no handler may see, else None."""
    target, query = scope["raw_path"], scope["query_string"]
    # Uvicorn leaves the white space around a header's value, Node takes it off.
    head = 0
    for name, value in scope["headers"]:
        head += len(name) + len(value.strip(b" \t"))
    escapes = b"%" in target
    if escapes and (malformed(target) or CONTROL.search(target)):
        return ApiError(400, {"path": "is malformed"})
    if malformed(query):
        return ApiError(400, {"query": "is malformed"})
    if len(target) + len(query) + head > LARGEST_HEAD:
        return ApiError(431, {"headers": "are too large"})
    if scope["http_version"] == "1.1" and not headers.get(b"host"):
        return ApiError(400, {"host": "is missing"})
    if escapes and b"%2f" in target.lower():
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


class ContractRequest(StrictBody):
    """A request whose body and query are read strictly."""

    @cached_property
    def query_params(self) -> dict[str, str | list[str]]:  # type: ignore[override]
        query = self.scope["query_string"].decode("latin-1")
        parameters = parse_qs(query, keep_blank_values=True) if query else {}
        # A repeated parameter is a list, so that a scalar refuses it.
        return {
            name: values if len(values) > 1 else values[0]
            for name, values in parameters.items()
        }
