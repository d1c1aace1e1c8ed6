"""Lists: pages of articles, newest first, and the feed."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, StringConstraints

from articles import ListedArticle, shown
from auth import CurrentUser, OptionalUser, id_of
from database import Row, database_of
from fields import LARGEST_INTEGER, Between, Shape, given_once
from protocol import ContractRoute

Read: TypeAlias = Callable[..., Awaitable[list[Row]]]
# Empty is no filter.
Filter = Annotated[str, StringConstraints(max_length=64), BeforeValidator(given_once)]
Limit = Annotated[int, BeforeValidator(Between(1, 100))]
Offset = Annotated[int, BeforeValidator(Between(0, LARGEST_INTEGER))]


class ArticleListReply(Shape):
    articles: list[ListedArticle]
    articles_count: int


router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.get("/articles")
async def list_articles(
    viewer: OptionalUser,
    request: Request,
    tag: Filter = "",
    author: Filter = "",
    favorited: Filter = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> ArticleListReply:
    """Return articles, newest first: all, or by tag, author or fan."""
    database, asker = database_of(request), {"viewer": id_of(viewer)}
    if author:
        filters = {"author": author, "tag": tag or None, "favorited": favorited or None}
        read = partial(database.list_articles_by_author, **filters, **asker)
    elif favorited:
        filters = {"favorited": favorited, "tag": tag or None}
        read = partial(database.list_articles_by_fan, **filters, **asker)
    elif tag:
        read = partial(database.list_articles_by_tag, tag=tag, **asker)
    else:
        read = partial(database.list_articles, **asker)
    return await article_list(read, limit, offset)


@router.get("/articles/feed")
async def get_feed(
    user: CurrentUser, request: Request, limit: Limit = 20, offset: Offset = 0
) -> ArticleListReply:
    """Return articles by those whom the current user follows, newest first."""
    read = partial(database_of(request).list_feed, viewer=user["id"])
    return await article_list(read, limit, offset)


async def article_list(read: Read, limit: int, offset: int) -> ArticleListReply:
    """Return a page with the number of all articles, which every row of it has."""
    rows = await read(limit=limit, offset=offset)
    # Beyond the last page there is no row to say it.
    first = rows or await read(limit=1, offset=0)
    return ArticleListReply.model_validate(
        {
            "articles": [shown(row) for row in rows],
            "articlesCount": first[0]["total"] if first else 0,
        }
    )
