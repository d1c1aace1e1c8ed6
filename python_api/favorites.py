"""Favourites: of whom an article is one."""

from fastapi import APIRouter, Request

from articles import ArticleBySlug, ArticleReply, article_reply, find_article
from auth import CurrentUser
from database import Queries, database_of
from protocol import ContractRoute

router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.post("/articles/{slug}/favorite")
async def favorite_article(
    user: CurrentUser, row: ArticleBySlug, request: Request
) -> ArticleReply:
    """Make an article a favourite; again changes nothing."""
    database = database_of(request)
    async with database.transaction() as transaction:
        await transaction.lock_article(id=row["id"])
        if await transaction.favorite(article=row["id"], user=user["id"]):
            await count_favorite(transaction, row["id"], user["id"], 1)
        return article_reply(await find_article(transaction, row["slug"], user["id"]))


@router.delete("/articles/{slug}/favorite")
async def unfavorite_article(
    user: CurrentUser, row: ArticleBySlug, request: Request
) -> ArticleReply:
    """Take an article out of one's favourites; again changes nothing."""
    database = database_of(request)
    async with database.transaction() as transaction:
        await transaction.lock_article(id=row["id"])
        if await transaction.unfavorite(article=row["id"], user=user["id"]):
            await count_favorite(transaction, row["id"], user["id"], -1)
        return article_reply(await find_article(transaction, row["slug"], user["id"]))


async def count_favorite(
    queries: Queries, article_id: int, user_id: int, change: int
) -> None:
    await queries.count_favorite(article=article_id, change=change)
    await queries.count_by_fan(user=user_id, change=change)
