"""Tags: those in use, most used first, and those of an article."""

from fastapi import APIRouter, Request

from database import Queries, database_of
from fields import Shape
from protocol import ContractRoute


class TagListReply(Shape):
    tags: list[str]


router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.get("/tags")
async def list_tags(request: Request) -> TagListReply:
    """Return the tags in use, most used first."""
    return TagListReply(tags=await database_of(request).list_tags())


async def put_tags(queries: Queries, article_id: int, tags: list[str]) -> None:
    for tag in tags:
        await queries.insert_tag(article=article_id, tag=tag)
    await queries.count_tags(article=article_id)


async def take_tags_off(queries: Queries, article_id: int) -> None:
    await queries.uncount_tags(article=article_id)
    await queries.delete_tags(article=article_id)
