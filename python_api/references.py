"""References: replies from memory, with nothing around them but the framework or less.

They are no part of the stack: what a stack takes beyond them is what it does itself.
The file that REPLIES names has them: a list of `operation` (the contract's
operationId), `path` (without a query) and `body`, at most one of each operation.
`uvicorn references:fastapi` starts one of the three; the others are `starlette` and
`server`.
"""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from articles import ArticleReply
from comments import CommentListReply
from lists import ArticleListReply
from profiles import ProfileReply
from tags import TagListReply

HEALTHY = {"operation": "getHealth", "path": "/health", "body": {"status": "ok"}}


def read_replies() -> list[dict[str, Any]]:
    """Return the replies, and one that says that the server can serve."""
    file = os.environ.get("REPLIES")
    if file is None:
        raise SystemExit("REPLIES is not set: let it name a JSON file of replies.")
    return [HEALTHY, *json.loads(Path(file).read_text(encoding="utf-8"))]


REPLIES = read_replies()


# The server: bytes that are ready, as no application has them.
TEXTS = {
    reply["path"]: json.dumps(
        reply["body"], ensure_ascii=False, separators=(",", ":")
    ).encode()
    for reply in REPLIES
}


async def server(scope: Scope, _: Receive, send: Send) -> None:
    """Reply as an application without any framework does."""
    text = TEXTS[scope["path"]]
    headers = [
        (b"content-length", b"%d" % len(text)),
        (b"content-type", b"application/json"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text})


# The framework, as a tutorial uses it: the parameters of the operation, of plain types,
# and the reply as a dictionary, which is checked by its model and made JSON of.
# ruff: noqa: ARG001 - parameters that nobody reads but the framework
def plain(reply: Any) -> Callable[..., Awaitable[Any]]:
    async def handler() -> Any:
        return reply

    return handler


def of_article(reply: Any) -> Callable[..., Awaitable[Any]]:
    async def handler(slug: str) -> Any:
        return reply

    return handler


def of_user(reply: Any) -> Callable[..., Awaitable[Any]]:
    async def handler(username: str) -> Any:
        return reply

    return handler


def page(reply: Any) -> Callable[..., Awaitable[Any]]:
    async def handler(limit: int = 20, offset: int = 0) -> Any:
        return reply

    return handler


def filtered_page(reply: Any) -> Callable[..., Awaitable[Any]]:
    async def handler(
        tag: str | None = None,
        author: str | None = None,
        favorited: str | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Any:
        return reply

    return handler


class Operation(NamedTuple):
    """Where an operation is, what it takes, and of which shape its reply is."""

    path: str
    handler_of: Callable[[Any], Callable[..., Awaitable[Any]]] = plain
    model: type[BaseModel] | None = None


# In the order in which they are asked.
OPERATIONS = {
    "getHealth": Operation("/health"),
    "listArticles": Operation("/api/articles", filtered_page, ArticleListReply),
    "getFeed": Operation("/api/articles/feed", page, ArticleListReply),
    "getArticle": Operation("/api/articles/{slug}", of_article, ArticleReply),
    "listTags": Operation("/api/tags", plain, TagListReply),
    "listComments": Operation(
        "/api/articles/{slug}/comments", of_article, CommentListReply
    ),
    "getProfile": Operation("/api/profiles/{username}", of_user, ProfileReply),
}
BODIES = {reply["operation"]: reply["body"] for reply in REPLIES}

fastapi = FastAPI()
for name, (path, handler_of, model) in OPERATIONS.items():
    if name in BODIES:
        fastapi.get(path, response_model=model)(handler_of(BODIES[name]))


# The toolkit: its router, and the JSON of a dictionary.
def endpoint_of(reply: Any) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(_: Request) -> JSONResponse:
        return JSONResponse(reply)

    return endpoint


starlette = Starlette(
    routes=[
        Route(operation.path, endpoint_of(BODIES[name]))
        for name, operation in OPERATIONS.items()
        if name in BODIES
    ]
)
