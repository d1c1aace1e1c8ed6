"""Who asks: the credentials of a step's identity.

A user of the world sends the token that the stack gave it. The others send tokens
that are wrong in one way each; those that must bear the stack's own signature are
minted with its secret, and cannot be had where the secret is unknown.
"""

import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jwt

from comparison.plans.plan import Unbound, Values

ANONYMOUS = "anonymous"
FOREIGN_SECRET = "a secret that no stack has, for tokens of somebody else"  # noqa: S105
# What an API asks of its guests is no user's secret: "user:password".
OTHER_SCHEME = "Basic dXNlcjpwYXNzd29yZA=="


class NoSecret(Exception):  # noqa: N818 - the plan is not checked, nothing is wrong
    """The stack's secret is unknown, so this identity cannot be had."""


@dataclass(frozen=True)
class Credentials:
    """How a token is sent: the header, and its value with `{token}` in it."""

    header: str = "Authorization"
    format: str = "Bearer {token}"

    def value(self, token: str) -> str:
        """The value of the header."""
        return self.format.replace("{token}", token)


def authorization(
    identity: str, values: Values, secret: str | None, credentials: Credentials
) -> str | None:
    """The value of the header, None for none. Raises `Unbound`, `NoSecret`."""
    if identity == ANONYMOUS:
        return None
    if identity == "malformed":
        return credentials.value("not.a.token")
    if identity == "other-scheme":
        return OTHER_SCHEME
    if identity == "wrong-scheme":
        # Somebody's own token, called something else.
        return f"Digest {_somebodys(values)}"
    if identity in _MINTED:
        return credentials.value(_mint(identity, values, secret))
    return credentials.value(token_of(identity, values))


def token_of(identity: str, values: Values) -> str:
    """The token of a user. Raises `Unbound` where there is none."""
    user = values.get(identity)
    token = user.get("token") if isinstance(user, Mapping) else None
    # A login that was refused may well say `"token": null`.
    if not isinstance(token, str | int) or isinstance(token, bool) or token == "":
        raise Unbound(identity)
    return str(token)


def tokens(values: Values) -> list[str]:
    """The tokens of all users."""
    found = []
    for name in values:
        with suppress(Unbound):
            found.append(token_of(name, values))
    return found


def needs_secret(identity: str) -> bool:
    """Whether only somebody who knows the stack's secret can be this."""
    return identity in _MINTED and _MINTED[identity][2]


def is_user(identity: str) -> bool:
    """Whether it is a user of the world, whose token a stack gave."""
    built_in = {ANONYMOUS, "malformed", "other-scheme", "wrong-scheme", *_MINTED}
    return identity not in built_in


Claims = dict[str, Any]
_HOUR = 3600
# So many seconds ago. Who takes a token for some time after, to allow for clocks that
# differ, does so for longer.
EXPIRED_FOR = 10
# What each identity changes in valid claims, and whether it needs the stack's secret.
_MINTED: dict[str, tuple[Callable[[Claims], Claims], str, bool]] = {
    "foreign": (lambda claims: claims, "HS256", False),
    "unsigned": (lambda claims: claims, "none", False),
    "expired": (lambda c: {**c, "exp": c["iat"] - EXPIRED_FOR}, "HS256", True),
    "endless": (lambda c: {k: c[k] for k in ("sub", "iat")}, "HS256", True),
    "undated": (lambda c: {k: c[k] for k in ("sub", "exp")}, "HS256", True),
    "nobody": (lambda c: {k: c[k] for k in ("iat", "exp")}, "HS256", True),
    "ghost": (lambda c: {**c, "sub": "9007199254740991"}, "HS256", True),
    "word": (lambda c: {**c, "sub": "alice"}, "HS256", True),
    "hs512": (lambda claims: claims, "HS512", True),
    "audience": (lambda c: {**c, "aud": "any", "iss": "any"}, "HS256", True),
}


def _mint(identity: str, values: Values, secret: str | None) -> str:
    change, algorithm, signed = _MINTED[identity]
    if signed and secret is None:
        raise NoSecret(identity)
    now = int(time.time())
    key = {"none": "", "HS256": secret, "HS512": secret}[algorithm]
    if identity == "foreign":
        key = FOREIGN_SECRET
    claims = {"sub": _subject(values), "iat": now, "exp": now + _HOUR}
    with warnings.catch_warnings():
        # The secret is long enough for HS256, and HS512 is wrong on purpose.
        warnings.simplefilter("ignore")
        return jwt.encode(change(claims), key or "", algorithm=algorithm)


def _somebodys(values: Values) -> str:
    """The token of the first user that the world has. Raises `Unbound`."""
    for token in tokens(values):
        return token
    raise Unbound("token")


def _subject(values: Values) -> str:
    """The id of the first user that the world has, read from its token."""
    options: Any = {"verify_signature": False}
    try:
        return str(jwt.decode(_somebodys(values), options=options)["sub"])
    except (jwt.InvalidTokenError, KeyError, Unbound):
        return "1"
