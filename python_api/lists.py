"""Lists: pages of articles, newest first, and the feed."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BeforeValidator, StringConstraints

from articles import ListedArticle, shown
from auth import CurrentUser, OptionalUser, id_of
from database import Database, Row
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


router = APIRouter(route_class=ContractRoute)


@router.get("/articles")
async def list_articles(
    viewer: OptionalUser,
    database: Database,
    tag: Filter = None,
    author: Filter = None,
    favorited: Filter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ArticleListReply:
    """Return articles, newest first: all, or by tag, author or fan."""
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
    user: CurrentUser, database: Database, limit: Limit = 20, offset: Offset = 0
) -> ArticleListReply:
    """Return articles by those whom the current user follows, newest first."""
    rows = await database.list_feed(viewer=user["id"], limit=limit, offset=offset)
    count = await database.count_feed(viewer=user["id"])
    return article_list(rows, count)


def article_list(rows: list[Row], count: Row) -> ArticleListReply:
    articles = [ListedArticle(**shown(row)) for row in rows]
    return ArticleListReply(articles=articles, articles_count=count["total"])
