"""Bare: an application as tutorials write it, with every default left as it is.

It serves no purpose but to be asked: what an ecosystem does when nobody decides is
measured here. `uvicorn bare:app` starts it, as in every tutorial.
"""

from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import (
    Body,
    Cookie,
    FastAPI,
    Form,
    Header,
    Query,
    Request,
    Response,
    UploadFile,
)
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field, HttpUrl

from bare_language import router as language
from bare_replies import Person
from bare_replies import router as replies
from bare_sockets import router as sockets

STATIC = Path(__file__).parent.parent / "contract"

app = FastAPI()
app.mount("/static", StaticFiles(directory=STATIC))
app.include_router(replies)
app.include_router(language)
app.include_router(sockets)


class Color(StrEnum):
    red = "red"
    green = "green"


class Everything(BaseModel):
    """A property of every kind; each may be left out."""

    integer: int = 0
    number: float = 0
    flag: bool = False
    text: str = ""
    nullable: str | None = None
    color: Color = Color.red
    day: date = date.min
    moment: datetime = datetime.min
    clock: time = time.min
    id: UUID = UUID(int=0)
    link: HttpUrl = HttpUrl("http://x.org")
    tags: list[str] = []
    counts: dict[str, int] = {}
    page: Annotated[int, Field(ge=1, le=100)] = 1
    code: Annotated[str, Field(pattern=r"^\d+$")] = "0"
    word: Annotated[str, Field(pattern=r"^\w+$")] = "x"
    name: Annotated[str, Field(min_length=2, max_length=5)] = "xx"


@app.get("/health")
@app.get("/ping")
async def ping() -> Any:
    return {"ping": "pong"}


@app.put("/ping")
async def put_ping() -> Any:
    return {"put": "pong"}


@app.get("/query", response_model_exclude_unset=True)
async def query(everything: Annotated[Everything, Query()]) -> Everything:
    return everything


@app.get("/query/one")
async def query_one(v: int) -> Any:
    return {"v": v}


@app.get("/query/list")
async def query_list(v: Annotated[list[int], Query()]) -> Any:
    return {"v": v}


@app.get("/query/text")
async def query_text(v: str) -> Any:
    return {"v": v}


@app.get("/path/integer/{v}")
async def path_integer(v: int) -> Any:
    return {"v": v}


@app.get("/path/text/{v}")
async def path_text(v: str) -> Any:
    return {"v": v}


@app.get("/path/id/{v}")
async def path_id(v: UUID) -> Any:
    return {"v": v}


@app.get("/path/rest/{v:path}")
async def path_rest(v: str) -> Any:
    return {"v": v}


@app.get("/path/{first}")
async def path_first(first: str) -> Any:
    return {"first": first}


@app.get("/path/later")
async def path_later() -> Any:
    return {"later": True}


@app.get("/header")
async def header(x_value: Annotated[str, Header()]) -> Any:
    return {"v": x_value}


@app.get("/cookie")
async def cookie(v: Annotated[str, Cookie()]) -> Any:
    return {"v": v}


@app.get("/cookie/set")
async def set_cookie(response: Response) -> Any:
    response.set_cookie("v", "a b;c")
    return {"set": True}


@app.get("/client")
async def client(request: Request) -> Any:
    host = request.client.host if request.client else None
    scheme, name = request.url.scheme, request.url.hostname
    return {"host": host, "scheme": scheme, "name": name}


@app.post("/body", response_model_exclude_unset=True)
async def body(everything: Everything) -> Everything:
    return everything


@app.post("/body/required")
@app.delete("/body/required")
async def body_required(person: Person) -> Any:
    return person


@app.post("/body/any")
async def body_any(v: Annotated[Any, Body()]) -> Any:
    return v


@app.post("/body/bytes")
async def body_bytes(request: Request) -> Any:
    return {"length": len(await request.body())}


@app.post("/form")
async def form(name: Annotated[str, Form()], age: Annotated[int, Form()]) -> Any:
    return {"name": name, "age": age}


@app.post("/upload")
async def upload(file: UploadFile) -> Any:
    content = await file.read()
    kind = file.content_type
    return {"filename": file.filename, "type": kind, "length": len(content)}
