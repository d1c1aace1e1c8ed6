"""Bare sockets: WebSockets as tutorials write them.

Differs: FastAPI routes a WebSocket like any request, on the server that Uvicorn brings
along. Express knows nothing of WebSockets: the package `ws` takes them from the server
before Express sees them, and a path of its own choosing is the application's work.
"""

import asyncio

from fastapi import APIRouter, WebSocket

router = APIRouter()


@router.websocket("/socket/echo")
async def echo(socket: WebSocket) -> None:
    await socket.accept()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("text") is not None:
            await socket.send_text(message["text"])
        else:
            await socket.send_bytes(message["bytes"])


@router.websocket("/socket/unheard")
async def unheard(socket: WebSocket) -> None:
    await echo(socket)


@router.websocket("/socket/text")
async def text(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())


@router.websocket("/socket/bytes")
async def binary(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_bytes(await socket.receive_bytes())


@router.websocket("/socket/length")
async def length(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(str(len(await socket.receive_text())))


@router.websocket("/socket/json")
async def json(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_json(await socket.receive_json())


@router.websocket("/socket/close")
async def close(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@router.websocket("/socket/close/{code}")
async def close_with(socket: WebSocket, code: int) -> None:
    await socket.accept()
    await socket.close(code, "bye")


@router.websocket("/socket/return")
async def return_early(socket: WebSocket) -> None:
    await socket.accept()


@router.websocket("/socket/fail")
async def fail(socket: WebSocket) -> None:
    await socket.accept()
    await asyncio.sleep(0.05)
    raise RuntimeError("the secret cause")


@router.websocket("/socket/refuse")
async def refuse(socket: WebSocket) -> None:
    await socket.close(4001)
