"""A client of the API that holds every reply against the contract."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias
from urllib.parse import quote, urlsplit

import httpx

from tests.contract import Exchange, strict_json, violations

PASSWORD = "correct horse battery"
TIMEOUT = 30.0

Document: TypeAlias = Any
Parameters: TypeAlias = Sequence[tuple[str, str]]


def unique(prefix: str = "user") -> str:
    """A name that no other run has used, for servers that keep their data."""
    return f"{prefix}-{secrets.token_hex(6)}"


class Reply:
    """A reply that keeps the contract, and what a test asks of it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.content = response.content
        self._request = response.request

    @property
    def json(self) -> Document:
        return strict_json(self.content)

    def gives(self, key: str, status: int = 200) -> Document:
        """The part of the body under its envelope, after a success."""
        assert self.status == status, str(self)
        return self.json[key]

    def refuses(self, status: int, /, **errors: str) -> None:
        """Exactly these errors, one message each."""
        wanted = {"errors": {key: [message] for key, message in errors.items()}}
        assert (self.status, self.json) == (status, wanted), str(self)

    def is_empty(self, status: int = 204) -> None:
        assert (self.status, self.content) == (status, b""), str(self)

    def __str__(self) -> str:
        sent = self._request.content[:500].decode("utf-8", "replace")
        got = self.content[:2000].decode("utf-8", "replace")
        return (
            f"{self._request.method} {self._request.url}\n{sent}\n"
            f"-> {self.status} {dict(self.headers)}\n{got}"
        )


class Conduit:
    """Somebody who talks to a server: nobody in particular, or one with a token."""

    def __init__(
        self, url: str, token: str | None = None, http: httpx.Client | None = None
    ) -> None:
        self.url = url
        self.token = token
        self._http = http or httpx.Client(
            timeout=TIMEOUT,
            # Below the server's own 5 s (P11), so that no request meets its end.
            limits=httpx.Limits(keepalive_expiry=2),
            trust_env=False,
        )

    def bearing(self, token: str) -> "Conduit":
        """Whoever has this token."""
        return Conduit(self.url, token, self._http)

    def request(  # noqa: PLR0913  (a request has this many parts)
        self,
        method: str,
        path: str,
        document: Document = ...,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str | bytes] | None = None,
        params: Parameters | None = None,
    ) -> Reply:
        """Send a document as JSON, or `content` with just the headers given."""
        sent: dict[str, str | bytes] = {}
        if self.token:
            sent["Authorization"] = f"Token {self.token}"
        if document is not ...:
            content = json.dumps(document, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json"
        response = self._http.request(
            method,
            f"{self.url}/api{path}",
            content=content,
            headers=[
                (name.encode(), value if isinstance(value, bytes) else value.encode())
                for name, value in {**sent, **(headers or {})}.items()
            ],
            params=None if params is None else [*params],
        )
        reply = Reply(response)
        target = urlsplit(str(response.request.url)).path
        exchange = Exchange(
            method,
            target.removeprefix("/api"),
            response.status_code,
            response.headers,
            response.content,
        )
        faults = violations(exchange)
        assert not faults, "\n".join(["breaks the contract:", *faults, str(reply)])
        return reply

    def get(self, path: str, **params: str | int) -> Reply:
        pairs = [(key, str(value)) for key, value in params.items()]
        return self.request("GET", path, params=pairs or None)

    def post(self, path: str, document: Document = ...) -> Reply:
        return self.request("POST", path, document)

    def put(self, path: str, document: Document = ...) -> Reply:
        return self.request("PUT", path, document)

    def delete(self, path: str) -> Reply:
        return self.request("DELETE", path)

    def register(self, username: str | None = None, **fields: str) -> "User":
        name = username or unique()
        fields = {"email": f"{unique()}@example.org", "password": PASSWORD} | fields
        sent = {"user": {"username": name, **fields}}
        user = self.post("/users", sent).gives("user", 201)
        return User(self.url, user, fields["password"], self._http)

    def publish(self, **fields: Document) -> Document:
        sent = {"title": unique("Title"), "description": "About", "body": "Text"}
        reply = self.post("/articles", {"article": sent | fields})
        return reply.gives("article", 201)

    def edit(self, slug: str, **fields: Document) -> Reply:
        return self.put(f"/articles/{slug}", {"article": fields})

    def comment(self, slug: str, body: str = "A comment") -> Document:
        reply = self.post(f"/articles/{slug}/comments", {"comment": {"body": body}})
        return reply.gives("comment", 201)

    def change(self, **fields: Document) -> Reply:
        return self.put("/user", {"user": fields})

    def log_in(self, email: str, password: str) -> Reply:
        return self.post(
            "/users/login", {"user": {"email": email, "password": password}}
        )

    def slugs(self, path: str = "/articles", **params: str | int) -> list[str]:
        articles = self.get(path, **params).gives("articles")
        return [article["slug"] for article in articles]

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class User(Conduit):
    """A registered user, who acts with the token of the registration."""

    def __init__(
        self, url: str, user: Document, password: str, http: httpx.Client
    ) -> None:
        super().__init__(url, user["token"], http)
        self.username: str = user["username"]
        self.email: str = user["email"]
        self.password = password

    @property
    def profile(self) -> str:
        return profile_of(self.username)


def profile_of(username: str) -> str:
    return f"/profiles/{quote(username, safe='')}"
