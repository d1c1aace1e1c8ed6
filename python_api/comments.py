"""Comments: below an article, newest first."""

import re
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import StringConstraints

from articles import ArticleBySlug, find_article
from auth import CurrentUser, OptionalUser, id_of
from database import Row, database_of
from errors import forbidden, not_found
from fields import LARGEST_INTEGER, Input, Required, Shape, now, timestamp
from profiles import Profile
from protocol import ContractRoute

CommentBody = Annotated[str, StringConstraints(max_length=10_000), Required]


class NewComment(Input):
    body: CommentBody


class Comment(Shape):
    id: int
    created_at: str
    updated_at: str
    body: str
    author: Profile


class CommentReply(Shape):
    comment: Comment


class CommentListReply(Shape):
    comments: list[Comment]


async def own_comment(
    user: CurrentUser, article: ArticleBySlug, id: str, request: Request
) -> Row:
    database = database_of(request)
    number = int(id) if re.fullmatch(r"[1-9][0-9]{0,15}", id) else 0
    if not 1 <= number <= LARGEST_INTEGER:
        raise not_found("comment")
    row: Row | None = await database.get_comment(
        id=number, article=article["id"], viewer=user["id"]
    )
    if row is None:
        raise not_found("comment")
    if row["authorId"] != user["id"]:
        raise forbidden("comment")
    return row


OwnComment = Annotated[Row, Depends(own_comment)]

router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.get("/articles/{slug}/comments")
async def list_comments(
    slug: str, viewer: OptionalUser, request: Request
) -> CommentListReply:
    """Return the comments below an article, newest first."""
    database = database_of(request)
    article = await find_article(database, slug, id_of(viewer))
    rows = await database.list_comments(article=article["id"], viewer=id_of(viewer))
    return CommentListReply.model_validate({"comments": [shown(row) for row in rows]})


@router.post("/articles/{slug}/comments", status_code=201)
async def create_comment(
    user: CurrentUser,
    article: ArticleBySlug,
    comment: Annotated[NewComment, Body(embed=True)],
    request: Request,
) -> CommentReply:
    """Comment on an article."""
    database = database_of(request)
    async with database.transaction() as transaction:
        row = await transaction.insert_comment(
            article=article["id"], author=user["id"], body=comment.body, now=now()
        )
        written = await transaction.get_comment(
            id=row["id"], article=article["id"], viewer=user["id"]
        )
        return CommentReply.model_validate({"comment": shown(written)})


@router.delete(
    "/articles/{slug}/comments/{id}", status_code=204, response_class=Response
)
async def delete_comment(row: OwnComment, request: Request) -> None:
    """Delete one's own comment."""
    database = database_of(request)
    async with database.transaction() as transaction:
        if await transaction.delete_comment(id=row["id"]) is None:
            raise not_found("comment")


def shown(row: Row) -> Row:
    """Return a row as the shapes want it: each takes what it has a name for."""
    return row | {
        "createdAt": timestamp(row["createdAt"]),
        "updatedAt": timestamp(row["updatedAt"]),
        "author": row,
    }
