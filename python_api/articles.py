"""Articles: publishing, lists, the feed, and favourites."""

import json
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from auth import CurrentUser, OptionalUser, id_of
from database import Database, Queries, Row, UniqueViolation
from errors import forbidden, not_found
from fields import LARGEST_INTEGER, Between, Required, Shape, given_once, now, timestamp
from profiles import Profile, profile_of
from protocol import ContractRoute
from slugs import free_slug

Title = Annotated[str, StringConstraints(max_length=255), Required]
Description = Annotated[str, StringConstraints(max_length=1000), Required]
ArticleBody = Annotated[str, StringConstraints(max_length=65_536), Required]
Tag = Annotated[str, StringConstraints(max_length=64), Required]


def unique(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


TagList = Annotated[list[Tag], Field(max_length=32), AfterValidator(unique)]
Filter = Annotated[
    Annotated[str, StringConstraints(max_length=64)] | None, BeforeValidator(given_once)
]
Limit = Annotated[int, BeforeValidator(Between(1, 100))]
Offset = Annotated[int, BeforeValidator(Between(0, LARGEST_INTEGER))]


class NewArticle(Shape):
    title: Title
    description: Description
    body: ArticleBody
    tag_list: TagList = []


class ArticleUpdate(Shape):
    title: Title = ""
    description: Description = ""
    body: ArticleBody = ""
    tag_list: TagList = []


class ListedArticle(Shape):
    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: str
    updated_at: str
    favorited: bool
    favorites_count: int
    author: Profile


class Article(ListedArticle):
    body: str


class ArticleReply(Shape):
    article: Article


class ArticleListReply(Shape):
    articles: list[ListedArticle]
    articles_count: int


async def article_by_slug(slug: str, viewer: OptionalUser, database: Database) -> Row:
    return await find_article(database, slug, id_of(viewer))


ArticleBySlug = Annotated[Row, Depends(article_by_slug)]


async def own_article(user: CurrentUser, article: ArticleBySlug) -> Row:
    if article["authorId"] != user["id"]:
        raise forbidden("article")
    return article


OwnArticle = Annotated[Row, Depends(own_article)]

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
    rows = await database.list_articles(
        **filters, viewer=id_of(viewer), limit=limit, offset=offset
    )
    count = await database.count_articles(**filters)
    return article_list(rows, count)


@router.post("/articles", status_code=201)
async def create_article(
    user: CurrentUser,
    article: Annotated[NewArticle, Body(embed=True)],
    database: Database,
) -> ArticleReply:
    """Publish an article."""
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                slug = await free_slug(transaction, article.title, 0)
                row = await transaction.insert_article(
                    author=user["id"],
                    slug=slug,
                    title=article.title,
                    description=article.description,
                    body=article.body,
                    tag_list=tags_text(article.tag_list),
                    now=now(),
                )
                await write_tags(transaction, row["id"], article.tag_list)
                return article_reply(await find_article(transaction, slug, user["id"]))


@router.get("/articles/feed")
async def get_feed(
    user: CurrentUser, database: Database, limit: Limit = 20, offset: Offset = 0
) -> ArticleListReply:
    """Return articles by those whom the current user follows, newest first."""
    rows = await database.list_feed(viewer=user["id"], limit=limit, offset=offset)
    count = await database.count_feed(viewer=user["id"])
    return article_list(rows, count)


@router.get("/articles/{slug}")
async def get_article(article: ArticleBySlug) -> ArticleReply:
    """Return one article, with its body."""
    return article_reply(article)


@router.put("/articles/{slug}")
async def update_article(
    user: CurrentUser,
    row: OwnArticle,
    article: Annotated[ArticleUpdate, Body(embed=True)],
    database: Database,
) -> ArticleReply:
    """Change some or all fields of one's own article; what is absent stays."""
    given = article.model_fields_set
    changes: dict[str, Any] = {
        "title": article.title if "title" in given else None,
        "description": article.description if "description" in given else None,
        "body": article.body if "body" in given else None,
        "tag_list": tags_text(article.tag_list) if "tag_list" in given else None,
        "slug": None,
        "now": now(),
    }
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                if "title" in given and article.title != row["title"]:
                    slug = await free_slug(transaction, article.title, row["id"])
                    changes["slug"] = slug
                changed = await transaction.update_article(id=row["id"], **changes)
                if changed is None:
                    raise not_found("article")
                if "tag_list" in given:
                    await transaction.delete_tags(article=row["id"])
                    await write_tags(transaction, row["id"], article.tag_list)
                return article_reply(
                    await find_article(transaction, changed["slug"], user["id"])
                )


@router.delete("/articles/{slug}", status_code=204)
async def delete_article(row: OwnArticle, database: Database) -> None:
    """Delete one's own article, its comments and favourites with it."""
    async with database.transaction() as transaction:
        await transaction.delete_article(id=row["id"])


@router.post("/articles/{slug}/favorite")
async def favorite_article(
    user: CurrentUser, row: ArticleBySlug, database: Database
) -> ArticleReply:
    """Make an article a favourite; again changes nothing."""
    async with database.transaction() as transaction:
        await transaction.favorite(article=row["id"], user=user["id"])
        return article_reply(await find_article(transaction, row["slug"], user["id"]))


@router.delete("/articles/{slug}/favorite")
async def unfavorite_article(
    user: CurrentUser, row: ArticleBySlug, database: Database
) -> ArticleReply:
    """Take an article out of one's favourites; again changes nothing."""
    async with database.transaction() as transaction:
        await transaction.unfavorite(article=row["id"], user=user["id"])
        return article_reply(await find_article(transaction, row["slug"], user["id"]))


async def find_article(queries: Queries, slug: str, viewer: int | None) -> Row:
    """Return the article's row, or raise a 404."""
    row: Row | None = await queries.get_article(slug=slug, viewer=viewer)
    if row is None:
        raise not_found("article")
    return row


def article_reply(row: Row) -> ArticleReply:
    return ArticleReply(article=Article(**shown(row), body=row["body"]))


def article_list(rows: list[Row], count: Row) -> ArticleListReply:
    articles = [ListedArticle(**shown(row)) for row in rows]
    return ArticleListReply(articles=articles, articles_count=count["total"])


def shown(row: Row) -> dict[str, Any]:
    return {
        "slug": row["slug"],
        "title": row["title"],
        "description": row["description"],
        "tag_list": json.loads(row["tagList"]),
        "created_at": timestamp(row["createdAt"]),
        "updated_at": timestamp(row["updatedAt"]),
        "favorited": bool(row["favorited"]),
        "favorites_count": row["favoritesCount"],
        "author": profile_of(row),
    }


async def write_tags(queries: Queries, article_id: int, tags: list[str]) -> None:
    for tag in tags:
        await queries.insert_tag(article=article_id, tag=tag)


def tags_text(tags: list[str]) -> str:
    return json.dumps(tags, ensure_ascii=False, separators=(",", ":"))
