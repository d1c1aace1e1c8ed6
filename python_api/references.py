"""References: replies from memory, with nothing around them but the framework or less.

They are no part of the stack: what a stack takes beyond them is what it does itself.
The file that REPLIES names has them: a list of `operation` (the contract's
operationId), `path` (without a query) and `body`. `uvicorn references:fastapi` starts
one of the three; the others are `starlette` and `server`.
"""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

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

MODELS: dict[str, type[BaseModel]] = {
    "getArticle": ArticleReply,
    "getFeed": ArticleListReply,
    "getProfile": ProfileReply,
    "listArticles": ArticleListReply,
    "listComments": CommentListReply,
    "listTags": TagListReply,
}
HEALTHY = {"operation": "getHealth", "path": "/health", "body": {"status": "ok"}}


def read_replies() -> list[dict[str, Any]]:
    """Return the replies, and one that says that the server can serve."""
    file = os.environ.get("REPLIES")
    if file is None:
        raise SystemExit("REPLIES is not set: let it name a JSON file of replies.")
    return [*json.loads(Path(file).read_text(encoding="utf-8")), HEALTHY]


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


# The toolkit: its router, and the JSON of a dictionary.
def endpoint_of(body: Any) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(_: Request) -> JSONResponse:
        return JSONResponse(body)

    return endpoint


starlette = Starlette(
    routes=[Route(reply["path"], endpoint_of(reply["body"])) for reply in REPLIES]
)


# The framework: the same through the response models of the stack.
def handler_of(body: Any) -> Callable[[], Awaitable[Any]]:
    async def handler() -> Any:
        return body

    return handler


fastapi = FastAPI()
for reply in REPLIES:
    model = MODELS.get(reply["operation"])
    body = model.model_validate(reply["body"]) if model else reply["body"]
    fastapi.get(reply["path"], response_model=model)(handler_of(body))
