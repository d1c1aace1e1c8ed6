"""Bare replies: replies of every kind, and failures, as tutorials write them."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import APIRouter, BackgroundTasks, HTTPException, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import BaseModel

router = APIRouter()


class Person(BaseModel):
    name: str
    age: int


@router.get("/reply/typed", response_model=Person)
async def reply_typed() -> Any:
    return {"name": "Ann", "age": 5, "password": "secret"}


@router.get("/reply/text-number", response_model=Person)
async def reply_text_number() -> Any:
    return {"name": "Ann", "age": "5"}


@router.get("/reply/wrong", response_model=Person)
async def reply_wrong() -> Any:
    return {"name": "Ann", "age": "old"}


@router.get("/reply/partial", response_model=Person)
async def reply_partial() -> Any:
    return {"name": "Ann"}


@router.get("/reply/nothing")
async def reply_nothing() -> None:
    return None


@router.get("/reply/text")
async def reply_text() -> Any:
    return "text"


@router.delete("/reply/empty", status_code=204)
async def reply_empty() -> None:
    return None


@router.get("/reply/date")
async def reply_date() -> Any:
    return {"v": datetime.fromisoformat("2026-01-31T12:00:00Z")}


@router.get("/reply/nan")
async def reply_nan() -> Any:
    return {"v": float("nan")}


@router.get("/redirect")
async def redirect() -> Response:
    return RedirectResponse("/ping")


@router.get("/stream")
async def stream() -> Response:
    return StreamingResponse(iter(["one\n", "two\n"]), media_type="text/plain")


@router.get("/slow")
async def slow() -> Any:
    await asyncio.sleep(1)
    return {"slow": True}


@router.get("/fail")
async def fail() -> Any:
    raise RuntimeError("the secret cause")


@router.get("/fail/refused")
async def fail_refused() -> Any:
    raise HTTPException(418, "no coffee")


@router.get("/fail/halfway")
async def fail_halfway() -> Response:
    def parts() -> Any:
        yield "one\n"
        raise RuntimeError("the secret cause")

    return StreamingResponse(parts(), media_type="text/plain")


@router.get("/fail/later")
async def fail_later(tasks: BackgroundTasks) -> Any:
    def work() -> None:
        raise RuntimeError("the secret cause")

    tasks.add_task(work)
    return {"begun": True}


@router.get("/fail/timer")
async def fail_timer() -> Any:
    asyncio.get_running_loop().call_later(0.05, lambda: 1 / 0)
    return {"begun": True}


@router.get("/fail/task")
async def fail_task() -> Any:
    async def work() -> None:
        raise RuntimeError("the secret cause")

    asyncio.ensure_future(work())  # noqa: RUF006
    return {"begun": True}
