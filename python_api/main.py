"""Assembly: the application, made of its parts."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

import articles
import comments
import docs
import errors
import favorites
import lists
import profiles
import tags
import users
from database import DatabaseUnavailable, database_of
from postgresql import PostgresqlStorage
from protocol import ContractRoute, Protocol
from settings import settings
from sqlite import SqliteStorage

logger = logging.getLogger("uvicorn.error")


def log_failure(_: asyncio.AbstractEventLoop, failure: dict[str, Any]) -> None:
    """Log what a task or a callback raised, where Uvicorn logs everything else.

    Differs: Node would end the process for either, unless `server.js` said otherwise.
    """
    logger.error(failure["message"], exc_info=failure.get("exception"))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Open the database when the server starts, close it when the server stops."""
    settings.warn()
    asyncio.get_running_loop().set_exception_handler(log_failure)
    storage = SqliteStorage if settings.uses_sqlite else PostgresqlStorage
    app.state.database = storage(settings.database_url)
    try:
        await app.state.database.ready()
    except DatabaseUnavailable as error:
        logger.warning("The database is away, replies are 503 until then: %s", error)
    # What is here now stays: each collection would else look at all of it, and a large
    # body would take five times as long.
    gc.freeze()
    logger.info("Docs at /docs and /redoc, the contract at /openapi.json")
    yield
    await app.state.database.close()


def reads(route: BaseRoute) -> bool:
    return isinstance(route, APIRoute) and "GET" in (route.methods or ())


app = FastAPI(
    title="Conduit",
    lifespan=lifespan,
    openapi_url=None,  # and with it no docs but those of docs.py
    redirect_slashes=False,
    # Differs: FastAPI would look for OpenTelemetry in each request. Express knows none.
    telemetry={"tracing": False, "metrics": False, "logs": False},
)
app.add_middleware(Protocol)
errors.install(app)
# Routes are asked one after another: first those that most requests are for, and those
# that read. Each asks once; a router that is included asks all of its own twice.
# Differs: no slug is "feed" here, so that articles can come before lists.
features = (articles, lists, tags, comments, profiles, favorites, users)
routes = [route for feature in features for route in feature.router.routes]
app.router.routes += sorted(routes, key=reads, reverse=True)

health = APIRouter(route_class=ContractRoute)


@health.get("/health")
async def get_health(request: Request) -> dict[str, str]:
    """Tell whether the server can serve: whether its database answers."""
    database = database_of(request)
    await database.ping()
    return {"status": "ok"}


app.router.routes += [*health.routes, *docs.router.routes]
