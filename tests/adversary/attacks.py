"""What a hostile client does; each attack tells which replies it saw."""

import asyncio
import gzip
import random
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import lru_cache

from tests.adversary.clients import (
    AT_ONCE,
    GIBIBYTE,
    MEBIBYTE,
    Replies,
    Target,
    after,
    all_say,
    crowd,
    head,
    pieces,
    post,
    send,
    talk,
    trickle,
)

Attack = Callable[[Target], Awaitable[Replies]]


async def idle(target: Target) -> Replies:
    number = min(target.many(10_000), most_sockets())
    return await crowd(number, lambda: talk(target, pieces()), number)


def most_sockets() -> int:
    """How many this process may open; the server has as many."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return 2000
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most - 200 if most > 0 else 10_000


async def slow_headers(target: Target) -> Replies:
    start, rest = head("GET", "/api/tags")[:-2], b"X-Slow: " + b"x" * 99
    number = target.many(500)
    return await crowd(number, lambda: talk(target, trickle(start, rest)), number)


async def slow_bodies(target: Target) -> Replies:
    start, rest = post("Content-Length: 99"), b"{" * 99
    number = target.many(500)
    return await crowd(number, lambda: talk(target, trickle(start, rest)), number)


async def large_body(target: Target) -> Replies:
    size = target.many(GIBIBYTE)
    zeros = pieces(b"0" * MEBIBYTE, times=size // MEBIBYTE)
    data = after(post(f"Content-Length: {size}"), zeros)
    return Counter([await talk(target, data, to_the_end=False)])


async def large_chunks(target: Target) -> Replies:
    chunk = b"100000\r\n" + b"0" * MEBIBYTE + b"\r\n"
    chunks = pieces(chunk, times=target.many(1024))
    data = after(post("Transfer-Encoding: chunked"), chunks)
    return Counter([await talk(target, data, to_the_end=False)])


@lru_cache
def bomb() -> bytes:
    return gzip.compress(bytes(GIBIBYTE // 4), 9)


async def zip_bomb(target: Target) -> Replies:
    lines = ("Content-Encoding: gzip", f"Content-Length: {len(bomb())}")
    return await all_say(target, 100, post(*lines, "Connection: close"), bomb())


async def many_headers(target: Target) -> Replies:
    lines = (b"X-%d: x\r\n" % number for number in range(100_000))
    return await all_say(target, 50, head("GET", "/api/tags")[:-2], b"".join(lines))


async def large_header(target: Target) -> Replies:
    start = head("GET", "/api/tags")[:-2] + b"X: "
    return await all_say(target, 50, start, b"x" * 10 * MEBIBYTE)


async def deep_json(target: Target) -> Replies:
    body = b'{"user":' + b"[" * 1_000_000
    length = f"Content-Length: {len(body)}"
    return await all_say(target, 50, post(length, "Connection: close"), body)


async def wide_json(target: Target) -> Replies:
    body = b'{"user":[' + b",".join([b"[]"] * 340_000) + b"]}"
    length = f"Content-Length: {len(body)}"
    return await all_say(target, 50, post(length, "Connection: close"), body)


async def broken_chunks(target: Target) -> Replies:
    start = post("Transfer-Encoding: chunked")
    return await all_say(target, 1000, start, b"5\r\nabcde\r\n", b"-1\r\nabc\r\n")


async def pipelined_garbage(target: Target) -> Replies:
    requests = head("GET", "/nothing") * 20
    return await all_say(target, 200, requests, random.Random(1).randbytes(4096))


async def deaf(target: Target) -> Replies:
    """Ask and ask, and read no reply.

    Few of them: Node parses all that a read brings, 20 ms of it, so that a crowd stalls
    it. A reverse proxy, which sends nothing ahead, keeps such clients away.
    """

    async def one() -> str:
        _, writer = await asyncio.open_connection("127.0.0.1", target.port)
        requests = pieces(head("GET", "/openapi.json") * 20, times=50)
        try:
            async with asyncio.timeout(4):
                await send(writer, requests)
        except TimeoutError:
            return "stopped"
        finally:
            writer.transport.abort()
        return "all sent"

    return await crowd(target.many(10), one, AT_ONCE)


async def cut_off(target: Target) -> Replies:
    halves = (head("GET", "/api/tags")[:-2], post("Content-Length: 99") + b"{")

    async def one() -> str:
        _, writer = await asyncio.open_connection("127.0.0.1", target.port)
        writer.write(random.choice(halves))
        await writer.drain()
        await asyncio.sleep(random.random() / 10)
        if random.random() < 0.5:
            reset = struct.pack("ii", 1, 0)
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.close()
        return "gone"

    return await crowd(target.many(1000), one, AT_ONCE)


ATTACKS: dict[str, Attack] = {
    "idle sockets": idle,
    "slow headers": slow_headers,
    "slow bodies": slow_bodies,
    "1 GiB body": large_body,
    "1 GiB in chunks": large_chunks,
    "zip bombs": zip_bomb,
    "100,000 headers": many_headers,
    "10 MiB header": large_header,
    "1e6 deep JSON": deep_json,
    "wide JSON": wide_json,
    "broken chunks": broken_chunks,
    "pipelined garbage": pipelined_garbage,
    "deaf clients": deaf,
    "cut off": cut_off,
}


def carry_out(name: str, target: Target) -> Replies:
    """One attack, in this process."""

    async def attack() -> Replies:
        return await ATTACKS[name](target)

    return asyncio.run(attack())
