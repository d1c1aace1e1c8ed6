"""Headers that are missing, wrong or too many."""

from collections.abc import Mapping
from dataclasses import replace

from tests.comparison.wrong.desk import Call
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply, Request


class Reheaded(Shop):
    """A shop whose replies have other headers."""

    def sent(self, _request: Request, reply: Reply) -> Reply:
        return replace(reply, headers=self.reheaded(dict(reply.headers), reply))

    def reheaded(self, headers: dict[str, str], reply: Reply) -> Mapping[str, str]:
        raise NotImplementedError


@fault("headers", "*", "header", "x-powered-by", size=3)
class PoweredBy(Reheaded):
    """Every reply says what made it."""

    def reheaded(self, headers: dict[str, str], _reply: Reply) -> Mapping[str, str]:
        return {**headers, "X-Powered-By": "Shop"}


@fault("headers", "createItem", "header", "location", size=3, blamed=True)
class NoLocation(Shop):
    """Nobody says where the new item is."""

    def create_item(self, call: Call) -> Reply:
        reply = super().create_item(call)
        kept = {k: v for k, v in reply.headers.items() if k != "Location"}
        return replace(reply, headers=kept)


@fault("headers", "createReview", "header", "location", size=5)
class LocationWithoutBase(Shop):
    """A new review is said to be at a path without the base path."""

    def create_review(self, call: Call) -> Reply:
        reply = super().create_review(call)
        place = reply.headers["Location"].removeprefix("/api")
        return replace(reply, headers={**reply.headers, "Location": place})


@fault("headers", "*", "media-type", "content-type", size=3, blamed=True)
class ErrorsAreText(Reheaded):
    """404 is JSON that is called plain text."""

    def reheaded(self, headers: dict[str, str], reply: Reply) -> Mapping[str, str]:
        other = {"Content-Type": "text/plain"} if reply.status == 404 else {}
        return {**headers, **other}


@fault("headers", "*", "media-type", "content-type", size=3)
class Charset(Reheaded):
    """The media type of JSON has a charset."""

    def reheaded(self, headers: dict[str, str], _reply: Reply) -> Mapping[str, str]:
        media = headers.get("Content-Type")
        return headers | ({"Content-Type": f"{media}; charset=utf-8"} if media else {})


@fault("headers", "delete*", "header", "content-length", size=4)
class LengthOfNothing(Reheaded):
    """204 has a Content-Length."""

    def reheaded(self, headers: dict[str, str], reply: Reply) -> Mapping[str, str]:
        return {**headers, "Content-Length": "0"} if reply.status == 204 else headers


@fault("headers", "listItems|getFeed", "header", "x-total-count", size=2)
class CountOfPage(Shop):
    """The header counts the items of the page, not all."""

    def paged(self, items: list[dict[str, object]], call: Call) -> Reply:
        reply = super().paged(items, call)
        page = self.page(items, call.query["limit"], call.query["offset"])
        return replace(
            reply, headers={**reply.headers, "X-Total-Count": str(len(page))}
        )


@fault("headers", "* /*", "header", "allow", size=1)
class NoAllow(Reheaded):
    """405 does not say which methods there are."""

    def reheaded(self, headers: dict[str, str], _reply: Reply) -> Mapping[str, str]:
        return {name: text for name, text in headers.items() if name != "Allow"}


@fault("headers", "*", "header", "www-authenticate", size=4, blamed=True)
class NoChallenge(Reheaded):
    """401 does not say how to authenticate."""

    def reheaded(self, headers: dict[str, str], _reply: Reply) -> Mapping[str, str]:
        return {k: v for k, v in headers.items() if k != "WWW-Authenticate"}


@fault("headers", "HEAD *|getItem|list*", "surplus", "body", size=1)
class HeadWithBody(Shop):
    """HEAD is answered with a body."""

    def sent(self, request: Request, reply: Reply) -> Reply:
        head = request.method == "HEAD"
        return replace(reply, surplus=reply.body) if head else reply


@fault("headers", "HEAD *", "status", "status", size=1)
class NoHead(Shop):
    """HEAD is a method that nobody has."""

    def sent(self, request: Request, reply: Reply) -> Reply:
        return replace(reply, status=405) if request.method == "HEAD" else reply


@fault("headers", "getItem", "header", "etag", size=4, blamed=True)
class WeakTag(Shop):
    """The ETag of an item is a weak one."""

    def get_item(self, call: Call) -> Reply:
        reply = super().get_item(call)
        tag = f"W/{reply.headers['ETag']}"
        return replace(reply, headers={**reply.headers, "ETag": tag})


@fault(
    "headers", "deleteItem|deleteReview", "surplus|broken", "body|connection", size=4
)
class BodyAfterNoContent(Shop):
    """204 is followed by a body all the same."""

    def sent(self, _request: Request, reply: Reply) -> Reply:
        return replace(reply, surplus=b"null") if reply.status == 204 else reply
