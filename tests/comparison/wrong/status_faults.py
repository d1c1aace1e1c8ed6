"""Statuses that are wrong, where the rest of the reply is right."""

from dataclasses import replace

from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply, Request


class Restated(Shop):
    """A shop that gives another status where it refuses something."""

    old = new = 0
    error = ""

    def refused(self, error: RefusedError) -> Reply:
        reply = super().refused(error)
        if error.status == self.old and self.error in {"", error.error}:
            return replace(reply, status=self.new)
        return reply


@fault("status", "createItem", "status", "status", size=3, blamed=True)
class CreatedIs200(Shop):
    """What is created is answered with 200."""

    def create_item(self, call: Call) -> Reply:
        return replace(super().create_item(call), status=200)


@fault("status", "getItem", "status", "status", size=1, blamed=True)
class MissingIs400(Restated):
    """An item that is not there is a bad request."""

    old, new, error = 404, 400, "no such item"


@fault("status", "replaceItem|updateItem|deleteItem", "status", "status", size=4)
class ForbiddenIs401(Restated):
    """Somebody else's item is answered with 401."""

    old, new = 403, 401


@fault("status", "createUser|updateMe", "status", "status", size=8, blamed=True)
class ConflictIs422(Restated):
    """A name that is taken counts as an invalid one."""

    old, new = 409, 422


@fault("status", "create*|login|update*|replaceItem", "status", "status", size=3)
class MediaTypeIs400(Restated):
    """A media type that is not understood is a bad request."""

    old, new = 415, 400


@fault("status", "create*|login|update*|replaceItem", "status", "status", size=3)
class MalformedIs422(Restated):
    """A body that is no JSON counts as an invalid one."""

    old, new = 400, 422


@fault("status", "* /*", "status", "status", size=1)
class NoMethodIs404(Restated):
    """A method that a path does not have is answered with 404."""

    old, new = 405, 404


# Of an id that the contract knows it is silent, of one that it refuses it is not.
@fault("status", "deleteItem", "status", "status", size=5, blamed=None)
class GoneIs204(Shop):
    """To delete what is gone already succeeds."""

    def delete_item(self, call: Call) -> Reply:
        try:
            return super().delete_item(call)
        except RefusedError as error:
            if error.status == 404:
                return Reply(204)
            raise


@fault("status", "GET /items/*|GET elsewhere|GET /*/", "status", "status", size=1)
class SlashRedirects(Shop):
    """A slash at the end is redirected, where there is no such path."""

    def asked(self, request: Request) -> Reply:
        if request.path.endswith("/"):
            return Reply(307, headers={"Location": request.path.rstrip("/")})
        return super().asked(request)


@fault("status", "likeItem", "status", "status", size=5)
class SecondLikeConflicts(Shop):
    """To like an item twice is a conflict, which the contract does not know."""

    def like_item(self, call: Call) -> Reply:
        if (call.me["id"], self.item(call)["id"]) in self.likes:
            raise RefusedError(404, "liked already")
        return super().like_item(call)


@fault("status", "unfollowUser", "status", "status", size=1)
class UnfollowNeedsFollow(Shop):
    """Whom nobody follows cannot be unfollowed."""

    def unfollow_user(self, call: Call) -> Reply:
        if not self.follows_(call.me, self.named(call)):
            raise RefusedError(404, "not followed")
        return super().unfollow_user(call)


@fault("status", "update*|login|create*|replaceItem", "status", "status", size=2)
class AnyMediaType(Shop):
    """A body is read as JSON, whatever its media type."""

    def parsed(self, request: Request) -> Row:
        headers = {**request.headers, "content-type": "application/json"}
        value: Row = super().parsed(replace(request, headers=headers))
        return value
