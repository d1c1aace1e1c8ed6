"""The steps of a probe that speak WebSocket, frame by frame.

handshake = "/socket/echo"   ask for it; `headers` beside or in place of its own
text = "hello"               a frame: `fin` false for a beginning, `part` true for
binary = "hello"             what follows it, `mask` false for one in the clear
ping = "x"                   a control frame, as `pong`
end = 1000                   a close frame with this code (0: without), `reason`
opcode = 3                   a frame of another kind
receive = 1                  the next frames, as many; the end of the connection
"""

import re
from collections.abc import Callable, Generator, Mapping
from typing import Any

from websockets.exceptions import ProtocolError
from websockets.frames import Close, Frame, Opcode

from comparison.defaults.connection import Connection
from comparison.defaults.outcome import tell, text
from comparison.defaults.wire import compose, fill

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HEADERS = {
    "Host": "<host>",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
}
# The bit of a frame's head that permessage-deflate sets.
COMPRESSED = 0x40
Step = Mapping[str, Any]


def _handshake(connection: Connection, step: Step, host: str) -> str:
    given = dict(line.split(": ", 1) for line in step.get("headers", []))
    left = set(step.get("without", []))
    merged = {**HEADERS, **given}
    headers = [f"{name}: {value}" for name, value in merged.items() if name not in left]
    method = step.get("method", "GET")
    connection.send(compose(f"{method} {step['handshake']}", headers, None, host))
    return tell(connection.reply(method), step.get("look", ["status"]))


def _text(connection: Connection, step: Step, _host: str) -> str:
    opcode = Opcode.CONT if step.get("part") else Opcode.TEXT
    return _send(connection, opcode, fill(step["text"], "").encode(), step)


def _binary(connection: Connection, step: Step, _host: str) -> str:
    opcode = Opcode.CONT if step.get("part") else Opcode.BINARY
    return _send(connection, opcode, fill(step["binary"], "").encode("latin-1"), step)


def _ping(connection: Connection, step: Step, _host: str) -> str:
    return _send(connection, Opcode.PING, fill(step["ping"], "").encode(), step)


def _pong(connection: Connection, step: Step, _host: str) -> str:
    return _send(connection, Opcode.PONG, fill(step["pong"], "").encode(), step)


def _end(connection: Connection, step: Step, _host: str) -> str:
    reason = fill(step.get("reason", ""), "").encode("latin-1")
    content = step["end"].to_bytes(2, "big") + reason if step["end"] else b""
    return _send(connection, Opcode.CLOSE, content, step)


def _opcode(connection: Connection, step: Step, _host: str) -> str:
    frame = Frame(Opcode.TEXT, b"x").serialize(mask=True)
    connection.send(bytes([0x80 | step["opcode"]]) + frame[1:])
    return ""


def _send(connection: Connection, opcode: Opcode, content: bytes, step: Step) -> str:
    frame = Frame(opcode, content, fin=step.get("fin", True))
    connection.send(frame.serialize(mask=step.get("mask", True)))
    return ""


def _receive(connection: Connection, step: Step, _host: str) -> str:
    said = []
    for _ in range(step["receive"]):
        said.append(_next(connection))
        if said[-1] in {"lost", "silent"}:
            break
    return ", ".join(said)


def _next(connection: Connection) -> str:
    """The next frame in words; lost where the connection ended without one."""

    heads: list[int] = []

    def read(count: int) -> Generator[None, None, bytes]:
        content = connection.read(count)
        if len(content) < count:
            raise EOFError
        if not heads:
            heads.append(content[0])
            content = bytes([content[0] & ~COMPRESSED]) + content[1:]
        return content
        yield

    parsing = Frame.parse(read, mask=False)
    try:
        next(parsing)
    except StopIteration as done:
        # What it says is not told: no two libraries compress it to the same bytes.
        kind = done.value.opcode.name.lower()
        return f"compressed {kind}" if heads[0] & COMPRESSED else _words(done.value)
    except TimeoutError:
        return "silent"
    except (EOFError, OSError):
        return "lost"
    except ProtocolError as error:
        return f"no frame: {error}"
    raise RuntimeError("a frame is read without waiting for more")


def _words(frame: Frame) -> str:
    part = "" if frame.fin else " (part)"
    if frame.opcode is not Opcode.CLOSE:
        return f"{frame.opcode.name.lower()} {text(bytes(frame.data))}{part}".strip()
    if not frame.data:
        return "close without a code"
    try:
        close = Close.parse(frame.data)
    except (ProtocolError, UnicodeDecodeError):
        return f"close that is none: {bytes(frame.data).hex(' ')}"
    # The words of a library are its own; that there are some is told.
    reason = close.reason if re.fullmatch(r"\w*", close.reason) else "with a reason"
    return f"close {int(close.code)} {reason}".strip()


FRAME_STEPS: Mapping[str, Callable[[Connection, Step, str], str]] = {
    "handshake": _handshake,
    "text": _text,
    "binary": _binary,
    "ping": _ping,
    "pong": _pong,
    "end": _end,
    "opcode": _opcode,
    "receive": _receive,
}
