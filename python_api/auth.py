"""Auth: passwords, tokens, and who is asking."""

import asyncio
import re
import time
from math import isfinite
from typing import Annotated

import argon2
import jwt
from fastapi import Depends, Request
from fastapi.security import APIKeyHeader
from fastapi.security.base import SecurityBase

from database import Row, database_of
from errors import unauthorized
from settings import settings

ALGORITHM = "HS256"
CREDENTIALS = re.compile(r"(?:token|bearer) +([\w-]+\.[\w-]+\.[\w-]+)", re.ASCII | re.I)

# OWASP's first choice for argon2id; the library's own defaults take 64 MiB.
hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Checked when no user has the e-mail, so that this takes no less time.
NOBODY = hasher.hash("nobody's password")


async def hash_password(password: str) -> str:
    # In a thread: hashing takes tens of milliseconds, and lets go of the GIL.
    return await asyncio.to_thread(hasher.hash, password)


async def verify_password(password_hash: str, password: str) -> bool:
    try:
        return await asyncio.to_thread(hasher.verify, password_hash, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def issue_token(user_id: int) -> str:
    now = int(time.time())
    claims = {"sub": str(user_id), "iat": now, "exp": now + settings.token_lifetime}
    return jwt.encode(claims, settings.secret_key, ALGORITHM)


def read_token(token: str) -> int | None:
    """Return the user's id that a valid token names, else None."""
    try:
        # Differs: this refuses spare bits in the last character, which jose lets pass.
        claims = jwt.decode(
            token,
            settings.secret_key,
            algorithms=[ALGORITHM],
            options={
                "require": ["sub", "iat", "exp"],
                "verify_aud": False,
                "verify_iat": False,
                "verify_iss": False,
                "verify_jti": False,
            },
        )
    except (jwt.InvalidTokenError, OverflowError, ValueError):
        return None
    times = (claims["iat"], claims["exp"], claims.get("nbf", 0))
    numeric = all(type(time) in (int, float) and isfinite(time) for time in times)
    named = re.fullmatch(r"[0-9]{1,15}", claims["sub"])
    return int(claims["sub"]) if named and numeric else None


class Token(SecurityBase):
    """The user whom the token of a request names, or None where there is none."""

    scheme_name = "Token"
    model = APIKeyHeader(name="Authorization").model

    async def __call__(self, request: Request) -> Row | None:
        # All of that name: looking for one raises an exception where there is none.
        given = request.headers.getlist("authorization")
        # Uvicorn leaves the white space around a header's value, Node takes it off.
        credentials = given[0].strip(" \t") if given else ""
        if not credentials:
            return None
        match = CREDENTIALS.fullmatch(credentials)
        user_id = read_token(match[1]) if match else None
        database = database_of(request)
        user: Row | None = await database.get_user(id=user_id) if user_id else None
        if user is None:
            raise unauthorized("token", "is invalid")
        return user


OptionalUser = Annotated[Row | None, Depends(Token())]


async def current_user(user: OptionalUser) -> Row:
    if user is None:
        raise unauthorized("token", "is missing")
    return user


CurrentUser = Annotated[Row, Depends(current_user)]


def id_of(user: Row | None) -> int | None:
    """Return the viewer's id for queries that show who follows and favours."""
    return user["id"] if user else None
