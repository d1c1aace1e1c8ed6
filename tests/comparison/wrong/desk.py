"""From a request to a reply: what every operation of the shop has in common."""

import datetime
import json
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from tests.comparison.wrong import checks
from tests.comparison.wrong.checks import RefusedError, Route
from tests.comparison.wrong.wire import Reply, Request

SECRET = "the secret of a shop that may be wrong on purpose"
HOUR = 3600
Row = dict[str, Any]


@dataclass
class Call:
    """A request whose operation, user and query are known."""

    request: Request
    route: Route
    user: Row | None
    path: dict[str, str]
    query: dict[str, Any]

    @property
    def me(self) -> Row:
        """The user of an operation that needs one."""
        if self.user is None:
            raise RefusedError(401, "unauthorized", WWW_Authenticate="Bearer")
        return self.user


class Desk:
    """The state, and who asks for what; small methods, so that each can be wrong."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.users: dict[int, Row] = {}
        self.items: dict[int, Row] = {}
        self.reviews: dict[int, Row] = {}
        self.follows: set[tuple[int, int]] = set()
        self.likes: set[tuple[int, int]] = set()
        self.last = 0

    def answer(self, request: Request) -> Reply:
        """What the server does."""
        if (request.method, request.path) == ("POST", "/reset"):
            self.reset()
            return Reply(204)
        try:
            reply = self.asked(request)
        except RefusedError as error:
            reply = self.refused(error)
        except Exception:
            # As frameworks do.
            reply = self.refused(RefusedError(500, "internal error"))
        return self.sent(request, reply)

    def sent(self, _request: Request, reply: Reply) -> Reply:
        """The reply as it goes out."""
        return reply

    def asked(self, request: Request) -> Reply:
        """The reply where nothing is wrong."""
        route, path = checks.route_of(request)
        user = self.user_of(request) if route.takes_user else None
        call = Call(request, route, user, path, {})
        if route.needs_user:
            call.me  # noqa: B018 - refuses nobody
        call.query = self.query(call)
        operation: Callable[[Call], Reply] = getattr(self, route.name)
        return operation(call)

    def refused(self, error: RefusedError) -> Reply:
        """The one shape of every error."""
        body = {"error": error.error, "fields": list(error.fields)}
        return self.reply(error.status, body, error.headers)

    def reply(
        self, status: int, value: Any, headers: dict[str, str] | None = None
    ) -> Reply:
        """A reply of JSON."""
        media = {"Content-Type": "application/json"}
        return Reply(status, self.written(value), {**media, **(headers or {})})

    def written(self, value: Any) -> bytes:
        """A value as JSON."""
        return json.dumps(value, ensure_ascii=False).encode()

    def query(self, call: Call) -> dict[str, Any]:
        """The query, checked."""
        return checks.query_of(call.route, self.pairs(call.request.query))

    def pairs(self, query: str) -> list[tuple[str, str]]:
        """Names and values of a query, decoded."""
        return urllib.parse.parse_qsl(query, keep_blank_values=True)

    def body(self, call: Call) -> Row:
        """The body, checked, and as it will be kept."""
        value = self.parsed(call.request)
        if wrong := self.wrong_fields(call, value):
            raise RefusedError(422, "invalid", *wrong)
        return self.kept(value)

    def parsed(self, request: Request) -> Any:
        """The body as JSON."""
        return checks.parsed(request)

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        """What the contract does not allow in a body."""
        return checks.wrong_fields(call.route.body, value)

    def kept(self, body: Row) -> Row:
        """A body as it is kept: 3.0 is an integer where one is asked for."""
        whole = {"serial", "stars"} & body.keys()
        return {**body, **{k: int(body[k]) for k in whole if body[k] is not None}}

    def user_of(self, request: Request) -> Row | None:
        """The user of a request; None without a token. Raises `RefusedError`."""
        sent = request.headers.get("authorization")
        if sent is None:
            return None
        scheme, _, token = sent.partition(" ")
        try:
            number = int(self.claims(token)["sub"])
        except (jwt.InvalidTokenError, ValueError):
            number = 0
        if number not in self.users or scheme.lower() != "bearer":
            raise RefusedError(401, "unauthorized", WWW_Authenticate="Bearer")
        return self.users[number]

    def claims(self, token: str) -> Row:
        """What a token says. Raises `jwt.InvalidTokenError`, also if it is old."""
        options: Any = {"require": ["sub", "iat", "exp"], "verify_aud": False}
        return jwt.decode(token, SECRET, algorithms=["HS256"], options=options)

    def token(self, user: Row) -> str:
        """A token for an hour."""
        now = int(time.time())
        claims = {"sub": str(user["id"]), "iat": now, "exp": now + HOUR}
        return jwt.encode(claims, SECRET, algorithm="HS256")

    def now(self) -> str:
        """The time, in milliseconds."""
        time = datetime.datetime.now(datetime.UTC)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def next(self) -> int:
        """An id that was never given before."""
        self.last += 1
        return self.last
