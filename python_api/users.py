"""Users: registration, login, and the current user."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import StringConstraints

from auth import NOBODY, CurrentUser, hash_password, issue_token, verify_password
from database import Row, Storage, UniqueViolation, database_of
from errors import taken, unauthorized
from fields import Input, Nullable, Required, Shape
from protocol import ContractRoute

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
USERNAME = (
    r"^[^\x00-\x1f\x7f/\\?#%]*"
    r"[^\x00-\x20\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
    r"./\\?#%][^\x00-\x1f\x7f/\\?#%]*$"
)

Username = Annotated[str, StringConstraints(max_length=64, pattern=USERNAME), Required]
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL), Required]
Password = Annotated[str, StringConstraints(min_length=8, max_length=128), Required]
AnyEmail = Annotated[str, StringConstraints(max_length=254), Required]
AnyPassword = Annotated[str, StringConstraints(max_length=128), Required]
Bio = Annotated[Annotated[str, StringConstraints(max_length=1000)] | None, Nullable]
Image = Annotated[Annotated[str, StringConstraints(max_length=2048)] | None, Nullable]


class NewUser(Input):
    username: Username
    email: Email
    password: Password


class Login(Input):
    email: AnyEmail
    password: AnyPassword


class UserUpdate(Input):
    # What is absent stays, so that no default is ever looked at; null is refused.
    username: Username = ""
    email: Email = ""
    password: Password = ""
    bio: Bio = None
    image: Image = None


class User(Shape):
    email: str
    token: str
    username: str
    bio: str | None
    image: str | None


class UserReply(Shape):
    user: User


router = APIRouter(prefix="/api", route_class=ContractRoute)


@router.post("/users", status_code=201)
async def create_user(
    user: Annotated[NewUser, Body(embed=True)], request: Request
) -> UserReply:
    """Register a user."""
    database = database_of(request)
    password_hash = await hash_password(user.password)
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                row = await transaction.insert_user(
                    username=user.username,
                    email=user.email,
                    password_hash=password_hash,
                )
            return user_reply(row)
        await refuse_taken(database, user.username, user.email, 0)


@router.post("/users/login")
async def login(
    user: Annotated[Login, Body(embed=True)], request: Request
) -> UserReply:
    """Log in with e-mail and password."""
    database = database_of(request)
    row = await database.get_login(email=user.email)
    password_hash = row["passwordHash"] if row else NOBODY
    if not await verify_password(password_hash, user.password) or row is None:
        raise unauthorized("credentials", "invalid")
    return user_reply(row)


@router.get("/user")
async def get_current_user(current: CurrentUser) -> UserReply:
    """Return the user whom the token names."""
    return user_reply(current)


@router.put("/user")
async def update_current_user(
    current: CurrentUser,
    user: Annotated[UserUpdate, Body(embed=True)],
    request: Request,
) -> UserReply:
    """Change some or all fields of the current user; what is absent stays."""
    database = database_of(request)
    given = user.model_dump(exclude_unset=True)
    password = given.pop("password", None)
    changes = {
        "id": current["id"],
        "username": None,
        "email": None,
        "bio": None,
        "image": None,
        **given,
        "password_hash": await hash_password(password) if password else None,
        "set_bio": int("bio" in given),
        "set_image": int("image" in given),
    }
    while True:
        with suppress(UniqueViolation):
            async with database.transaction() as transaction:
                row = await transaction.update_user(**changes)
            return user_reply(row)
        await refuse_taken(
            database, changes["username"], changes["email"], current["id"]
        )


async def refuse_taken(
    database: Storage, username: str | None, email: str | None, user_id: int
) -> None:
    """Tell which of the two another user has; return if it is free again."""
    rows = await database.get_taken(username=username, email=email, id=user_id)
    keys = [key for key in ("username", "email") if any(row[key] for row in rows)]
    if keys:
        raise taken(keys)


def user_reply(row: Row) -> UserReply:
    shown = {key: row[key] for key in ("email", "username", "bio", "image")}
    return UserReply(user=User(token=issue_token(row["id"]), **shown))
