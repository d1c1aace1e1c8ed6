"""The contract and its pages, as a server shows them; outside of the API."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.contract import DOCUMENT
from tests.servers import Server

pytestmark = pytest.mark.any_backend

# An absolute address in a script, style or page that a browser would load from.
LOADS = re.compile(r"""(?:url\(|@import|importScripts\()\s*["']?(https?:)?//""")


class Links(HTMLParser):
    """What a page loads by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        names = {"script": "src", "link": "href", "img": "src", "iframe": "src"}
        source = attributes.get(names.get(tag, ""))
        if source:
            self.found.append(source)


def get(stack: Server, path: str) -> httpx.Response:
    return httpx.get(urljoin(stack.url, path), timeout=30, trust_env=False)


def test_health(stack: Server) -> None:
    """P13: ready."""
    reply = get(stack, "/health")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})
    assert reply.headers["content-type"] == "application/json"


def test_document(stack: Server) -> None:
    """P13: /openapi.json is this contract."""
    reply = get(stack, "/openapi.json")
    assert (reply.status_code, reply.json()) == (200, DOCUMENT)
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_pages_load_from_nowhere_else(stack: Server, page: str) -> None:
    """P13: a page, and all that it loads, comes from this server."""
    reply = get(stack, page)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert "/openapi.json" in reply.text
    links = Links(reply.text).found
    assert any(urlsplit(link).path.endswith(".js") for link in links)
    for link in links:
        if link.startswith("data:"):
            continue
        assert urljoin(stack.url, link).startswith(stack.url)
        loaded = get(stack, link)
        assert (loaded.status_code, bool(loaded.content)) == (200, True), link
        if loaded.headers["content-type"].startswith("text/css"):
            assert not LOADS.search(loaded.text)
    assert not LOADS.search(reply.text)


@pytest.mark.parametrize("path", ["/docs/", "/Docs", "/health/", "/openapi.yaml", "/"])
def test_other_paths(stack: Server, path: str) -> None:
    """P5, E1: other paths are not found, in the API's words."""
    reply = get(stack, path)
    wanted = {"errors": {"path": ["not found"]}}
    assert (reply.status_code, reply.json()) == (404, wanted)


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs", "/redoc"])
def test_methods(stack: Server, path: str) -> None:
    """P6, P7: HEAD as GET; other methods are 405."""
    url = urljoin(stack.url, path)
    head = httpx.head(url, trust_env=False)
    whole = httpx.get(url, trust_env=False)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length"):
        assert head.headers[name] == whole.headers[name]
    options = httpx.options(url, trust_env=False)
    assert (options.status_code, options.headers["allow"]) == (
        204,
        "GET, HEAD, OPTIONS",
    )
    post = httpx.post(url, trust_env=False)
    wanted = {"errors": {"method": ["not allowed"]}}
    assert (post.status_code, post.json()) == (405, wanted)
    assert post.headers["allow"] == "GET, HEAD, OPTIONS"
