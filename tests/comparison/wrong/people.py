"""The users of the shop: their accounts, and whom they follow."""

from tests.comparison.wrong import checks
from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Desk, Row
from tests.comparison.wrong.wire import Reply


class People(Desk):
    """The operations on users, by the names of their operationIds."""

    def create_user(self, call: Call) -> Reply:
        body = self.body(call)
        self.free(body)
        times = dict.fromkeys(("createdAt", "updatedAt"), self.now())
        user = {"id": self.next(), **body, "bio": None, **times}
        self.users[user["id"]] = user
        location = {"Location": f"{checks.BASE}/users/{user['name']}"}
        return self.reply(201, self.session(user), location)

    def free(self, body: Row, but: Row | None = None) -> None:
        """Refuse a name or an email that another user has."""
        taken = [
            key
            for key in ("email", "name")
            for user in self.users.values()
            if user is not but and key in body and user[key] == body[key]
        ]
        if taken:
            raise RefusedError(409, "taken", *taken)

    def login(self, call: Call) -> Reply:
        body = self.body(call)
        for user in self.users.values():
            if self.knows(user, body):
                return self.reply(200, self.session(user))
        raise RefusedError(401, "unauthorized", WWW_Authenticate="Bearer")

    def knows(self, user: Row, body: Row) -> bool:
        """Whether these are the email and password of a user."""
        return all(user[key] == body[key] for key in ("email", "password"))

    def session(self, user: Row) -> Row:
        return {"user": self.shown_me(user), "token": self.token(user)}

    def get_me(self, call: Call) -> Reply:
        return self.reply(200, self.shown_me(call.me))

    def update_me(self, call: Call) -> Reply:
        body = self.body(call)
        self.free(body, but=call.me)
        call.me.update(body, updatedAt=self.now())
        return self.reply(200, self.shown_me(call.me))

    def shown_me(self, user: Row) -> Row:
        names = ("id", "name", "email", "bio", "createdAt", "updatedAt")
        return {name: user[name] for name in names}

    def named(self, call: Call) -> Row:
        """The user whose name is in the path."""
        for user in self.users.values():
            if user["name"] == call.path["name"]:
                return user
        raise RefusedError(404, "no such user")

    def get_user(self, call: Call) -> Reply:
        return self.reply(200, self.profile(self.named(call), call))

    def follow_user(self, call: Call) -> Reply:
        user = self.named(call)
        self.follows.add((call.me["id"], user["id"]))
        return self.reply(200, self.profile(user, call))

    def unfollow_user(self, call: Call) -> Reply:
        user = self.named(call)
        self.follows.discard((call.me["id"], user["id"]))
        return self.reply(200, self.profile(user, call))

    def profile(self, user: Row, call: Call) -> Row:
        return {
            "name": user["name"],
            "bio": user["bio"],
            "following": self.follows_(call.user, user),
            "items": sum(item["owner"] == user["id"] for item in self.items.values()),
        }

    def follows_(self, user: Row | None, other: Row) -> bool:
        return user is not None and (user["id"], other["id"]) in self.follows
