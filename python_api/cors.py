"""CORS: which browser front-ends may read the replies."""

from functools import lru_cache

from starlette.datastructures import Headers

from settings import settings


def cors_headers(origin: str | None) -> dict[str, str]:
    """Return the headers of a reply to a request from this origin."""
    if settings.cors_origins == "*":
        return {"Access-Control-Allow-Origin": "*"}
    if origin is None or origin not in settings.cors_origins.split(","):
        return {"Vary": "Origin"}
    return {"Vary": "Origin", "Access-Control-Allow-Origin": origin}


@lru_cache
def cors_fields(origin: bytes | None) -> list[tuple[bytes, bytes]]:
    """Return the same as ASGI has headers, for an origin as ASGI has it."""
    headers = cors_headers(None if origin is None else origin.decode("latin-1"))
    return Headers(headers).raw


def preflight_headers(origin: str | None, allow: str) -> dict[str, str]:
    """Return what the answer to OPTIONS adds for an origin that may read it."""
    if "Access-Control-Allow-Origin" not in cors_headers(origin):
        return {}
    return {
        "Access-Control-Allow-Methods": allow,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Requested-With",
        "Access-Control-Max-Age": "600",
    }
