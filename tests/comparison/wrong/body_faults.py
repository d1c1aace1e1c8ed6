"""Bodies of the wrong shape: values, keys and nothing at all."""

import json
from dataclasses import replace
from typing import Any

from tests.comparison.wrong.checks import RefusedError
from tests.comparison.wrong.desk import Call, Row
from tests.comparison.wrong.fault import fault
from tests.comparison.wrong.shop import Shop
from tests.comparison.wrong.wire import Reply, Request


class Reshown(Shop):
    """A shop that shows items in another way."""

    def shown(self, item: Row, call: Call) -> Row:
        return self.reshown(super().shown(item, call))

    def reshown(self, item: Row) -> Row:
        raise NotImplementedError


@fault("body", "*Item", "missing", "/description", size=3, blamed=True)
class NullIsAbsent(Reshown):
    """A description that is null is left out."""

    def reshown(self, item: Row) -> Row:
        return {k: v for k, v in item.items() if k != "description" or v is not None}


@fault("body", "*Item", "null", "/description", size=3)
class NullIsEmpty(Reshown):
    """A description that is null becomes an empty text."""

    def reshown(self, item: Row) -> Row:
        return {**item, "description": item["description"] or ""}


@fault("body", "*Item", "null", "/description", size=4)
class EmptyIsNull(Reshown):
    """An empty description becomes null."""

    def reshown(self, item: Row) -> Row:
        return {**item, "description": item["description"] or None}


@fault("body", "*Item*", "type", "*/likes", size=3, blamed=True)
class NumberIsText(Reshown):
    """The number of likes is a text."""

    def reshown(self, item: Row) -> Row:
        return {**item, "likes": str(item["likes"])}


@fault("body", "*Item*", "type", "*/available", size=3, blamed=True)
class BooleanIsNumber(Reshown):
    """Whether an item can be had is 1 or 0."""

    def reshown(self, item: Row) -> Row:
        return {**item, "available": int(item["available"])}


@fault(
    "body",
    "createUser|login|getMe|updateMe",
    "extra",
    "*/password",
    size=4,
    blamed=True,
)
class PasswordShown(Shop):
    """A user sees the password that was stored."""

    def shown_me(self, user: Row) -> Row:
        return {**super().shown_me(user), "password": user["password"]}


@fault("body", "listItems", "missing", "/items/[*]/owner", size=1, blamed=True)
class OwnerNotInLists(Shop):
    """A list does not say whose the items are."""

    def shown(self, item: Row, call: Call) -> Row:
        shown = super().shown(item, call)
        if call.route.name == "list_items":
            del shown["owner"]
        return shown


@fault("body", "getItem", "duplicate-key|not-json", "body", size=4, blamed=True)
class KeyTwice(Shop):
    """The reply names the id twice."""

    def get_item(self, call: Call) -> Reply:
        reply = super().get_item(call)
        return replace(reply, body=b'{"id": 0, ' + reply.body[1:])


@fault("body", "*", "missing|extra", "/error|/message", size=3, blamed=True)
class OtherErrors(Shop):
    """What is not there is told in the shape of the framework."""

    def refused(self, error: RefusedError) -> Reply:
        reply = super().refused(error)
        if error.status == 404:
            return replace(reply, body=b'{"message": "Not Found"}')
        return reply


@fault("body", "listReviews", "null|type", "/reviews", size=4, blamed=True)
class NoneIsNull(Shop):
    """No reviews are null, and not an empty list."""

    def reply(
        self, status: int, value: Any, headers: dict[str, str] | None = None
    ) -> Reply:
        if "reviews" in value and value["reviews"] == []:
            value["reviews"] = None
        return super().reply(status, value, headers)


@fault("body", "listItems|getFeed", "type", "/items", size=2, blamed=True)
class OneIsNoList(Shop):
    """A list of one item is that item."""

    def reply(
        self, status: int, value: Any, headers: dict[str, str] | None = None
    ) -> Reply:
        if isinstance(value.get("items"), list) and len(value["items"]) == 1:
            value["items"] = value["items"][0]
        return super().reply(status, value, headers)


@fault("body", "*", "not-json", "body", size=4, blamed=True)
class EmptyUnauthorized(Shop):
    """401 has no body."""

    def sent(self, _request: Request, reply: Reply) -> Reply:
        return replace(reply, body=b"") if reply.status == 401 else reply


@fault("body", "updateMe|getMe", "value", "*/bio", size=2)
class BioCut(Shop):
    """A column of 190 characters cuts what the contract allows 200 of."""

    def kept(self, body: Row) -> Row:
        body = super().kept(body)
        return {**body, "bio": body["bio"][:190]} if body.get("bio") else body


@fault("body", "*Item*", "extra", "*/owner/id", size=3, blamed=True)
class OwnerWithId(Reshown):
    """An item shows the id of its owner."""

    def reshown(self, item: Row) -> Row:
        return {**item, "owner": {**item["owner"], "id": 1}}


@fault("body", "*", "value", "/fields*", size=2)
class FieldsWithDots(Shop):
    """The error of an item within a list names it with dots."""

    def refused(self, error: RefusedError) -> Reply:
        error.fields = tuple(field.replace("/", ".") for field in error.fields)
        return super().refused(error)


@fault("body", "login|create*|update*|replaceItem", "length", "/fields", size=4)
class FirstErrorOnly(Shop):
    """Of several wrong fields only the first is told."""

    def wrong_fields(self, call: Call, value: Any) -> list[str]:
        return super().wrong_fields(call, value)[:1]


@fault("body", "getUser", "type", "/items", size=1, blamed=True)
class CountAsText(Shop):
    """The number of a user's items is text in JSON, as drivers give big numbers."""

    def profile(self, user: Row, call: Call) -> Row:
        profile = super().profile(user, call)
        shown: Row = json.loads(json.dumps(profile))
        return {**shown, "items": str(profile["items"])}
