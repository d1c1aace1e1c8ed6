"""Profiles: what everybody may see of a user, and following."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from auth import CurrentUser, OptionalUser, id_of
from database import Queries, Row, database_of
from errors import not_found
from fields import Shape
from protocol import ContractRoute


class Profile(Shape):
    username: str
    bio: str | None
    image: str | None
    following: bool


class ProfileReply(Shape):
    profile: Profile


async def profile_by_username(
    username: str, viewer: OptionalUser, request: Request
) -> Row:
    return await find_profile(database_of(request), username, id_of(viewer))


ProfileByUsername = Annotated[Row, Depends(profile_by_username)]

router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.get("/profiles/{username}")
async def get_profile(
    username: str, viewer: OptionalUser, request: Request
) -> ProfileReply:
    """Return the profile of a user."""
    row = await find_profile(database_of(request), username, id_of(viewer))
    return profile_reply(row)


@router.post("/profiles/{username}/follow")
async def follow_user(
    user: CurrentUser, profile: ProfileByUsername, request: Request
) -> ProfileReply:
    """Follow a user; again changes nothing."""
    database = database_of(request)
    async with database.transaction() as transaction:
        await transaction.follow(follower=user["id"], followed=profile["id"])
    return profile_reply(profile | {"following": True})


@router.delete("/profiles/{username}/follow")
async def unfollow_user(
    user: CurrentUser, profile: ProfileByUsername, request: Request
) -> ProfileReply:
    """Stop following a user; again changes nothing."""
    database = database_of(request)
    async with database.transaction() as transaction:
        await transaction.unfollow(follower=user["id"], followed=profile["id"])
    return profile_reply(profile | {"following": False})


async def find_profile(queries: Queries, username: str, viewer: int | None) -> Row:
    """Return the profile's row, or raise a 404."""
    row: Row | None = await queries.get_profile(username=username, viewer=viewer)
    if row is None:
        raise not_found("profile")
    return row


def profile_reply(row: Row) -> ProfileReply:
    return ProfileReply.model_validate({"profile": row})
