"""Favourites: of whom an article is one."""

from fastapi import APIRouter

from articles import ArticleBySlug, ArticleReply, article_reply, find_article
from auth import CurrentUser
from database import Database
from protocol import ContractRoute

router = APIRouter(route_class=ContractRoute)


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
