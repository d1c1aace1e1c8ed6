"""Profiles: what everybody may see of a user, and following."""

from typing import Annotated

from fastapi import APIRouter, Depends

from auth import CurrentUser, OptionalUser, id_of
from database import Database, Row
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
    username: str, viewer: OptionalUser, database: Database
) -> Row:
    row: Row | None = await database.get_profile(
        username=username, viewer=id_of(viewer)
    )
    if row is None:
        raise not_found("profile")
    return row


ProfileByUsername = Annotated[Row, Depends(profile_by_username)]

router = APIRouter(route_class=ContractRoute)


@router.get("/profiles/{username}")
async def get_profile(profile: ProfileByUsername) -> ProfileReply:
    """Return the profile of a user."""
    return ProfileReply(profile=profile_of(profile))


@router.post("/profiles/{username}/follow")
async def follow_user(
    user: CurrentUser, profile: ProfileByUsername, database: Database
) -> ProfileReply:
    """Follow a user; again changes nothing."""
    async with database.transaction() as transaction:
        await transaction.follow(follower=user["id"], followed=profile["id"])
    return ProfileReply(profile=profile_of({**profile, "following": True}))


@router.delete("/profiles/{username}/follow")
async def unfollow_user(
    user: CurrentUser, profile: ProfileByUsername, database: Database
) -> ProfileReply:
    """Stop following a user; again changes nothing."""
    async with database.transaction() as transaction:
        await transaction.unfollow(follower=user["id"], followed=profile["id"])
    return ProfileReply(profile=profile_of({**profile, "following": False}))


def profile_of(row: Row) -> Profile:
    """Return the profile in a row that may hold more, as an article's."""
    return Profile(
        username=row["username"],
        bio=row["bio"],
        image=row["image"],
        following=bool(row["following"]),
    )
