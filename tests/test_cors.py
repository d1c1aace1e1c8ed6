"""CORS with a list of origins; `*` is the default, tested with the protocol."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.wire import RawReply, exchange

if TYPE_CHECKING:
    from comparison.stacks import RunningStack

    Launch = Callable[..., RunningStack]

pytestmark = pytest.mark.any_backend

LISTED = ("https://a.example", "http://b.example:8080")
SAMPLES = [
    *[("GET", "/api/tags"), ("GET", "/api/user"), ("GET", "/nothing")],
    *[("OPTIONS", "/api/user"), ("PATCH", "/api/user"), ("GET", "/api/tags?%")],
]


def test_listed_origins(launch: "Launch") -> None:
    """P8: a reply names the origin if it is listed, and always varies by it."""
    url = launch(CORS_ORIGINS=",".join(LISTED)).url
    for method, path in SAMPLES:
        for origin in LISTED:
            reply = exchange(url, method, path, Origin=origin)
            assert reply.headers["access-control-allow-origin"] == origin
            assert varies(reply)
        for origin in ("https://c.example", "https://a.example.org", "null"):
            reply = exchange(url, method, path, Origin=origin)
            assert "access-control-allow-origin" not in reply.headers
            assert varies(reply)
        reply = exchange(url, method, path)
        assert "access-control-allow-origin" not in reply.headers
        assert varies(reply)


def varies(reply: RawReply) -> bool:
    return reply.headers.get("vary") == "Origin"
