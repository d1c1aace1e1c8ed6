"""Tags: those in use, most used first."""

from fastapi import APIRouter

from database import Database
from fields import Shape
from protocol import ContractRoute


class TagListReply(Shape):
    tags: list[str]


router = APIRouter(route_class=ContractRoute)


@router.get("/tags")
async def list_tags(database: Database) -> TagListReply:
    """Return the tags in use, most used first."""
    rows = await database.list_tags()
    return TagListReply(tags=[row["tag"] for row in rows])
