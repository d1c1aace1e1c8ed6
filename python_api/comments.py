"""Comments: below an article, newest first."""

import re
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response
from pydantic import StringConstraints

from articles import ArticleBySlug
from auth import CurrentUser, OptionalUser, id_of
from database import Database, Row
from errors import forbidden, not_found
from fields import LARGEST_INTEGER, Input, Required, Shape, now, timestamp
from profiles import Profile, profile_of
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
    user: CurrentUser, article: ArticleBySlug, id: str, database: Database
) -> Row:
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

router = APIRouter(route_class=ContractRoute)


@router.get("/articles/{slug}/comments")
async def list_comments(
    article: ArticleBySlug, viewer: OptionalUser, database: Database
) -> CommentListReply:
    """Return the comments below an article, newest first."""
    rows = await database.list_comments(article=article["id"], viewer=id_of(viewer))
    return CommentListReply(comments=[comment_of(row) for row in rows])


@router.post("/articles/{slug}/comments", status_code=201)
async def create_comment(
    user: CurrentUser,
    article: ArticleBySlug,
    comment: Annotated[NewComment, Body(embed=True)],
    database: Database,
) -> CommentReply:
    """Comment on an article."""
    async with database.transaction() as transaction:
        row = await transaction.insert_comment(
            article=article["id"], author=user["id"], body=comment.body, now=now()
        )
        written = await transaction.get_comment(
            id=row["id"], article=article["id"], viewer=user["id"]
        )
        return CommentReply(comment=comment_of(written))


@router.delete(
    "/articles/{slug}/comments/{id}", status_code=204, response_class=Response
)
async def delete_comment(row: OwnComment, database: Database) -> None:
    """Delete one's own comment."""
    async with database.transaction() as transaction:
        if await transaction.delete_comment(id=row["id"]) is None:
            raise not_found("comment")


def comment_of(row: Row) -> Comment:
    return Comment(
        id=row["id"],
        created_at=timestamp(row["createdAt"]),
        updated_at=timestamp(row["updatedAt"]),
        body=row["body"],
        author=profile_of(row),
    )
