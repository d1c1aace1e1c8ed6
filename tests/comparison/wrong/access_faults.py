"""Who may do what, and in which order that is checked."""

from dataclasses import replace
from typing import Any

import jwt

from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import SECRET, Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply, Request


@fault("auth", "*", "status", "status", size=4)
class AnySignature(Shop):
    """A token is believed whoever has signed it."""

    def claims(self, token: str) -> Row:
        options: Any = {"verify_signature": False}
        claims: Row = jwt.decode(token, options=options)
        jwt.decode(jwt.encode(claims, SECRET), SECRET, algorithms=["HS256"])
        return claims


@fault("auth", "*", "status", "status", size=4)
class NoAlgorithm(Shop):
    """A token may say that it has no signature."""

    def claims(self, token: str) -> Row:
        if jwt.get_unverified_header(token).get("alg") != "none":
            return super().claims(token)
        options: Any = {"verify_signature": False}
        claims: Row = jwt.decode(token, options=options)
        return claims


@fault("auth", "*", "status", "status", size=4)
class NeverExpires(Shop):
    """A token is good for ever."""

    def claims(self, token: str) -> Row:
        options: Any = {"verify_exp": False, "verify_aud": False}
        claims: Row = jwt.decode(token, SECRET, algorithms=["HS256"], options=options)
        return claims


@fault("auth", "deleteItem", "status", "status", size=4)
class AnybodyDeletes(Shop):
    """A user may delete the items of others."""

    def delete_item(self, call: Call) -> Reply:
        self.items[self.item(call)["id"]]["owner"] = call.me["id"]
        return super().delete_item(call)


@fault("auth", "updateItem", "status", "status", size=5)
class AnybodyUpdates(Shop):
    """A user may change the items of others by PATCH, though not by PUT."""

    def update_item(self, call: Call) -> Reply:
        return self.changed(self.item(call), self.body(call), call)


@fault("auth", "createItem", "status", "status", size=2)
class BodyBeforeUser(Shop):
    """A body is checked before it is asked who sends it."""

    def user_of(self, request: Request) -> Row | None:
        if request.method == "POST" and request.path == "/api/items":
            self.parsed(request)
        return super().user_of(request)


@fault("auth", "*Item|*User", "status", "status", size=4)
class ItemBeforeUser(Shop):
    """Whether an item exists is checked before it is asked who asks."""

    def asked(self, request: Request) -> Reply:
        parts = request.path.split("/")
        number = parts[3] if request.path.startswith("/api/items/") else ""
        if number.isdecimal() and int(number) not in self.items:
            raise RefusedError(404, "no such item")
        return super().asked(request)


@fault("auth", "updateItem|replaceItem", "status", "status", size=4)
class BodyBeforeOwner(Shop):
    """A body is checked before it is asked whose the item is."""

    def owned(self, call: Call) -> Row:
        if call.route.body:
            self.body(call)
        return super().owned(call)


@fault("auth", "listItems|getItem|getUser", "status", "status", size=4)
class WrongTokenIsNobody(Shop):
    """Where a token may be absent, one that is wrong counts as absent."""

    def user_of(self, request: Request) -> Row | None:
        try:
            return super().user_of(request)
        except RefusedError:
            if request.method == "GET" and request.path != "/api/me":
                return None
            raise


@fault("auth", "*", "status", "status", size=4)
class AnyScheme(Shop):
    """The scheme before the token does not matter."""

    def user_of(self, request: Request) -> Row | None:
        sent = request.headers.get("authorization")
        if sent is None:
            return super().user_of(request)
        headers = {**request.headers, "authorization": f"Bearer {sent.split()[-1]}"}
        return super().user_of(replace(request, headers=headers))


@fault("auth", "*", "status", "status", size=3, blamed=True)
class GhostFails(Shop):
    """A token of a user who is not there makes the server fail."""

    def user_of(self, request: Request) -> Row | None:
        sent = request.headers.get("authorization", "")
        try:
            number = int(self.claims(sent.partition(" ")[2])["sub"])
        except (jwt.InvalidTokenError, ValueError):
            return super().user_of(request)
        return self.users[number]


@fault("auth", "deleteReview", "status", "status", size=9)
class OwnerDeletesReviews(Shop):
    """The owner of an item may delete the reviews of others."""

    def may_delete(self, review: Row, call: Call) -> bool:
        owner = self.items[review["item"]]["owner"]
        return super().may_delete(review, call) or bool(owner == call.me["id"])


@fault("auth", "login", "status", "status", size=3)
class EmailInCapitals(Shop):
    """An email is known in capitals and in small letters."""

    def knows(self, user: Row, body: Row) -> bool:
        email = body["email"].lower()
        return super().knows(user, {**body, "email": email})


@fault("auth", "login", "status", "status", size=3)
class AnyPassword(Shop):
    """To log in, the email is enough."""

    def knows(self, user: Row, body: Row) -> bool:
        return bool(user["email"] == body["email"])


@fault("auth", "getUser|listItems|getItem", "status", "status", size=3)
class NobodyIsRefused(Shop):
    """Who has no token is refused where nobody needs one."""

    def asked(self, request: Request) -> Reply:
        if request.path.startswith("/api/users/") and request.method == "GET":
            user = self.user_of(request)
            if user is None:
                raise RefusedError(401, "unauthorized", WWW_Authenticate="Bearer")
        return super().asked(request)
