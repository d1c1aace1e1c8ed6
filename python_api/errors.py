"""Errors: every refusal of the API, in the one shape that the contract gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from cors import preflight_headers
from database import DatabaseUnavailable, ReferenceViolation

METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")

# The contract's words for Pydantic's kinds of error; other kinds are our own and
# carry their words themselves.
MESSAGES = {
    "missing": "is missing",
    "string_type": "must be a string",
    "string_unicode": "contains invalid characters",
    "string_too_short": "is too short (minimum is {min_length} characters)",
    "string_too_long": "is too long (maximum is {max_length} characters)",
    "string_pattern_mismatch": "is invalid",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "list_type": "must be an array",
    "too_long": "has too many items (maximum is {max_length})",
}


class ApiError(Exception):
    """A refusal: its HTTP status, and a message for each key at fault."""

    def __init__(
        self,
        status: int,
        errors: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.errors = errors
        self.headers = headers

    def reply(self) -> JSONResponse:
        errors = {key: [message] for key, message in self.errors.items()}
        return JSONResponse({"errors": errors}, self.status, self.headers)


def unauthorized(key: str, message: str) -> ApiError:
    return ApiError(401, {key: message}, {"WWW-Authenticate": "Token"})


def forbidden(key: str) -> ApiError:
    return ApiError(403, {key: "forbidden"})


def not_found(key: str) -> ApiError:
    return ApiError(404, {key: "not found"})


def taken(keys: Sequence[str]) -> ApiError:
    return ApiError(409, dict.fromkeys(keys, "has already been taken"))


def invalid(faults: Sequence[Mapping[str, Any]]) -> ApiError:
    """Name each faulty field once, by its first fault."""
    errors: dict[str, str] = {}
    for fault in faults:
        # ("query", "limit"), ("body", "user"), ("body", "article", "tagList", 3)
        key = [part for part in fault["loc"][1:3] if isinstance(part, str)][-1]
        words = MESSAGES.get(fault["type"], fault["msg"])
        errors.setdefault(key, words.format(**fault.get("ctx", {})))
    return ApiError(422, errors)


def unavailable() -> ApiError:
    return ApiError(503, {"database": "is unavailable"}, {"Retry-After": "1"})


def internal() -> ApiError:
    return ApiError(500, {"server": "internal error"})


def allowed_methods(request: Request) -> str:
    """List the methods of this path: of all its routes, not of the first alone."""
    allowed = {"OPTIONS"}
    for method in METHODS:
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            allowed.add(method)
    return ", ".join(sorted(allowed))


def unrouted(request: Request, status: int) -> Response:
    """Answer where no handler is: an unknown path, or a method that it lacks."""
    if status == 404:
        return not_found("path").reply()
    if status == 400:
        # FastAPI could not read the body: the client went away in the middle of it.
        return ApiError(400, {"body": "is not valid JSON"}).reply()
    allow = allowed_methods(request)
    if request.method != "OPTIONS":
        return ApiError(405, {"method": "not allowed"}, {"Allow": allow}).reply()
    preflight = preflight_headers(request.headers.get("origin"), allow)
    return Response(status_code=204, headers={"Allow": allow, **preflight})


def install(app: FastAPI) -> None:
    """Give the application a reply to everything that is raised in it on purpose."""

    @app.exception_handler(ApiError)
    async def on_api_error(_: Request, error: ApiError) -> Response:
        return error.reply()

    @app.exception_handler(RequestValidationError)
    async def on_validation_error(
        _: Request, error: RequestValidationError
    ) -> Response:
        return invalid(error.errors()).reply()

    @app.exception_handler(HTTPException)
    async def on_http_exception(request: Request, error: HTTPException) -> Response:
        return unrouted(request, error.status_code)

    @app.exception_handler(ReferenceViolation)
    async def on_reference_violation(_: Request, __: ReferenceViolation) -> Response:
        # Only articles are ever deleted while others are about to refer to them.
        return not_found("article").reply()

    @app.exception_handler(DatabaseUnavailable)
    async def on_database_unavailable(_: Request, __: DatabaseUnavailable) -> Response:
        return unavailable().reply()
