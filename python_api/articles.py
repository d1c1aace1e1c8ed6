"""Articles: publishing, reading, changing, deleting one."""

import json
from contextlib import suppress
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import from_json

from auth import CurrentUser, OptionalUser, id_of
from database import Queries, Row, UniqueViolation, database_of
from errors import forbidden, not_found
from fields import Input, Required, Shape, now, timestamp
from profiles import Profile
from protocol import ContractRoute
from slugs import free_slug, slug_base
from tags import put_tags, take_tags_off

Title = Annotated[str, StringConstraints(max_length=255), Required]
Description = Annotated[str, StringConstraints(max_length=1000), Required]
ArticleBody = Annotated[str, StringConstraints(max_length=65_536), Required]
Tag = Annotated[str, StringConstraints(max_length=64), Required]


def unique(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


TagList = Annotated[list[Tag], Field(max_length=32), AfterValidator(unique)]


class NewArticle(Input):
    title: Title
    description: Description
    body: ArticleBody
    tag_list: TagList = Field(default_factory=list)


class ArticleUpdate(Input):
    # What is absent stays, so that no default is ever looked at; null is refused.
    title: Title = ""
    description: Description = ""
    body: ArticleBody = ""
    tag_list: TagList = Field(default_factory=list)


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


async def article_by_slug(slug: str, viewer: OptionalUser, request: Request) -> Row:
    return await find_article(database_of(request), slug, id_of(viewer))


ArticleBySlug = Annotated[Row, Depends(article_by_slug)]


async def own_article(user: CurrentUser, article: ArticleBySlug) -> Row:
    if article["authorId"] != user["id"]:
        raise forbidden("article")
    return article


OwnArticle = Annotated[Row, Depends(own_article)]

router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.post("/articles", status_code=201)
async def create_article(
    user: CurrentUser,
    article: Annotated[NewArticle, Body(embed=True)],
    request: Request,
) -> ArticleReply:
    """Publish an article."""
    database = database_of(request)
    # Differs: Express hands its transaction a function, which `retried` calls again.
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                await transaction.count_article(change=1)
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
                await transaction.count_by_author(author=user["id"], change=1)
                await put_tags(transaction, row["id"], article.tag_list)
                return article_reply(await find_article(transaction, slug, user["id"]))


@router.get("/articles/{slug:slug}")
async def get_article(
    slug: str, viewer: OptionalUser, request: Request
) -> ArticleReply:
    """Return one article, with its body."""
    row = await find_article(database_of(request), slug, id_of(viewer))
    return article_reply(row)


@router.put("/articles/{slug:slug}")
async def update_article(
    user: CurrentUser,
    row: OwnArticle,
    article: Annotated[ArticleUpdate, Body(embed=True)],
    request: Request,
) -> ArticleReply:
    """Change some or all fields of one's own article; what is absent stays."""
    database = database_of(request)
    given = article.model_dump(exclude_unset=True)
    tags = given.pop("tag_list", None)
    changes = dict.fromkeys(("title", "description", "body")) | given
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                if tags is not None:
                    await transaction.count_article(change=0)
                current = await transaction.lock_article(id=row["id"])
                if current is None:
                    raise not_found("article")
                title = given.get("title", current["title"])
                renamed = slug_base(title) != slug_base(current["title"])
                slug = (
                    await free_slug(transaction, title, row["id"]) if renamed else None
                )
                changed = await transaction.update_article(
                    id=row["id"],
                    slug=slug,
                    tag_list=tags_text(tags),
                    now=now(),
                    **changes,
                )
                if tags is not None:
                    await take_tags_off(transaction, row["id"])
                    await put_tags(transaction, row["id"], tags)
                return article_reply(
                    await find_article(transaction, changed["slug"], user["id"])
                )


@router.delete("/articles/{slug:slug}", status_code=204, response_class=Response)
async def delete_article(row: OwnArticle, request: Request) -> None:
    """Delete one's own article, its comments and favourites with it."""
    database = database_of(request)
    async with database.transaction() as transaction:
        await transaction.count_article(change=-1)
        if await transaction.lock_article(id=row["id"]) is None:
            raise not_found("article")
        await transaction.count_by_author(author=row["authorId"], change=-1)
        await take_tags_off(transaction, row["id"])
        await transaction.uncount_fans(article=row["id"])
        await transaction.delete_article(id=row["id"])


async def find_article(queries: Queries, slug: str, viewer: int | None) -> Row:
    """Return the article's row, or raise a 404."""
    row: Row | None = await queries.get_article(slug=slug, viewer=viewer)
    if row is None:
        raise not_found("article")
    return row


# What is read is mostly read again soon. Some are long: 32 tags of 64 characters.
tags_of = lru_cache(maxsize=1000)(from_json)


def article_reply(row: Row) -> ArticleReply:
    return ArticleReply.model_validate({"article": shown(row)})


def shown(row: Row) -> Row:
    """Return a row as the shapes want it: each takes what it has a name for."""
    return row | {
        "tagList": tags_of(row["tagList"]),
        "createdAt": timestamp(row["createdAt"]),
        "updatedAt": timestamp(row["updatedAt"]),
        "author": row,
    }


def tags_text(tags: list[str] | None) -> str | None:
    """Return the JSON text that the column tag_list holds; null keeps it as it is."""
    if tags is None:
        return None
    return json.dumps(tags, ensure_ascii=False, separators=(",", ":"))
