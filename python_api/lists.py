"""Lists: pages of articles, newest first, and the feed."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BeforeValidator, StringConstraints

from articles import ListedArticle, shown
from auth import CurrentUser, OptionalUser, id_of
from database import Row, database_of
from fields import LARGEST_INTEGER, Between, Shape, given_once
from protocol import ContractRoute

Filter = Annotated[
    Annotated[str, StringConstraints(max_length=64)] | None, BeforeValidator(given_once)
]
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
    tag: Filter = None,
    author: Filter = None,
    favorited: Filter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ArticleListReply:
    """Return articles, newest first: all, or by tag, author or fan."""
    database = database_of(request)
    filters = {"tag": tag, "author": author, "favorited": favorited}
    page = {"viewer": id_of(viewer), "limit": limit, "offset": offset}
    if author:
        rows = await database.list_articles_by_author(**filters, **page)
    elif favorited:
        rows = await database.list_articles_by_fan(favorited=favorited, tag=tag, **page)
    elif tag:
        rows = await database.list_articles_by_tag(tag=tag, **page)
    else:
        rows = await database.list_articles(**page)
    count = await database.count_articles(**filters)
    return article_list(rows, count)


@router.get("/articles/feed")
async def get_feed(
    user: CurrentUser, request: Request, limit: Limit = 20, offset: Offset = 0
) -> ArticleListReply:
    """Return articles by those whom the current user follows, newest first."""
    database = database_of(request)
    rows = await database.list_feed(viewer=user["id"], limit=limit, offset=offset)
    count = await database.count_feed(viewer=user["id"])
    return article_list(rows, count)


def article_list(rows: list[Row], count: Row) -> ArticleListReply:
    articles = [shown(row) for row in rows]
    return ArticleListReply.model_validate(
        {"articles": articles, "articlesCount": count["total"]}
    )
