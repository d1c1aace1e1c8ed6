"""Clients: one that sends what it is given, and crowds of it."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE
# An attack that hears nothing any more gives up after so many seconds.
PATIENCE = 20.0
AT_ONCE = 200


class Target(NamedTuple):
    """Where to, and how much of everything: 1.0 is all of it."""

    port: int
    scale: float

    def many(self, number: int) -> int:
        return max(2, int(number * self.scale))


Replies = Counter[str]


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]
    ).encode()


def post(*lines: str) -> bytes:
    return head("POST", "/api/users/login", "Content-Type: application/json", *lines)


async def pieces(*data: bytes, times: int = 1) -> AsyncIterator[bytes]:
    for _ in range(times):
        for piece in data:
            yield piece


async def trickle(start: bytes, rest: bytes) -> AsyncIterator[bytes]:
    yield start
    for number in range(len(rest)):
        await asyncio.sleep(0.3)
        yield rest[number : number + 1]


async def talk(
    target: Target, data: AsyncIterator[bytes], to_the_end: bool = True
) -> str:
    """Send and read until the connection ends, or else until all is sent and answered;
    return the statuses seen.
    """
    statuses: list[str] = []
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    except OSError as error:
        return type(error).__name__
    sending = asyncio.create_task(send(writer, data))
    end = "open"
    try:
        async with asyncio.timeout(PATIENCE):
            while part := await reader.read(65536):
                statuses += re.findall(r"HTTP/1\.1 (\d{3})", part.decode("latin-1"))
                if not to_the_end:
                    await sending
                    break
        end = "closed"
    except TimeoutError:
        pass
    except OSError as error:
        end = type(error).__name__
    finally:
        sending.cancel()
        writer.close()
    return " ".join(sorted(set(statuses))) or end


async def send(writer: asyncio.StreamWriter, data: AsyncIterator[bytes]) -> None:
    try:
        async for piece in data:
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass


async def crowd(
    number: int, one: Callable[[], Awaitable[str]], at_once: int
) -> Replies:
    """Let many do the same, so many of them at once."""
    gate = asyncio.Semaphore(at_once)

    async def enter() -> str:
        async with gate:
            return await one()

    return Counter(await asyncio.gather(*(enter() for _ in range(number))))


async def all_say(target: Target, number: int, *data: bytes, times: int = 1) -> Replies:
    def one() -> Awaitable[str]:
        return talk(target, pieces(*data, times=times))

    return await crowd(target.many(number), one, AT_ONCE)


async def after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
