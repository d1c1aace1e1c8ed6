"""One probe played to one server, step by step; what happens is its outcome.

The steps of a probe, each a table with one of these keys:

    send = "GET /ping HTTP/1.1\\r\\n…"   bytes, each character one
    ask = "GET /ping"                  a request with Host; `headers`, `body` beside it
    read = "GET"                       the next reply, to a request of this method;
                                       `patience` if it may take more than 3 s
    wait = 0.2                         seconds
    again = "/ping"                    whether the connection serves another request
    open = 7                           whether, and when, the server ends it, in seconds
    half = true                        end our side of the connection
    fresh = "/ping"                    the same on a connection of its own
    connect = true                     another connection, in place of this one
    signal = "TERM"                    to the server's process
    exit = 10                          how the process ends, within so many seconds
    close = true                       end the connection

and for WebSockets those of `frames`.
"""

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from comparison.defaults.connection import Connection
from comparison.defaults.frames import FRAME_STEPS
from comparison.defaults.outcome import tell, whole
from comparison.defaults.pack import Probe
from comparison.defaults.wire import compose, latin, request

SEPARATOR = " → "


class Target(NamedTuple):
    """A server that is asked: its port, and its process where that is ours to end."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """The value of its Host header."""
        return f"127.0.0.1:{self.port}"


def play(probe: Probe, target: Target, strictly: bool = False) -> str:
    """The outcome of a probe; `strictly` looks at all that a client can see."""
    try:
        played = _Play(probe, target, strictly)
    except OSError:
        return "refused"
    try:
        return SEPARATOR.join(said for said in played.run() if said)
    finally:
        played.connection.close()


class _Play:
    """A probe under way."""

    def __init__(self, probe: Probe, target: Target, strictly: bool) -> None:
        self.probe = probe
        self.target = target
        self.strictly = strictly
        self.connection = Connection(target.port)

    def run(self) -> list[str]:
        """What happened at each step."""
        steps = self.probe.steps or [{"request": True}, {"read": self._method()}]
        return [self._step(step) for step in steps]

    def _method(self) -> str:
        line = self.probe.ask or self.probe.raw.lstrip("\r\n")
        found = re.match(r"[A-Z]+", line)
        return found[0] if found else "GET"

    def _step(self, step: Mapping[str, Any]) -> str:
        [name] = [key for key in step if key in STEPS or key in FRAME_STEPS]
        if name in FRAME_STEPS:
            return FRAME_STEPS[name](self.connection, step, self.target.host)
        return STEPS[name](self, step) or ""


def _request(play: _Play, _step: Mapping[str, Any]) -> None:
    play.connection.send(request(play.probe, play.target.host))


def _send(play: _Play, step: Mapping[str, Any]) -> None:
    play.connection.send(latin(step["send"], play.target.host))


def _ask(play: _Play, step: Mapping[str, Any]) -> None:
    headers = ["Host: <host>", *step.get("headers", [])]
    host = play.target.host
    play.connection.send(compose(step["ask"], headers, step.get("body"), host))


def _read(play: _Play, step: Mapping[str, Any]) -> str:
    reply = play.connection.reply(step["read"], step.get("patience"))
    if play.strictly:
        return whole(reply)
    return tell(reply, step.get("look", play.probe.look))


def _again(play: _Play, step: Mapping[str, Any]) -> str:
    _ask(play, {"ask": f"GET {step['again']}"})
    return f"then {tell(play.connection.reply(), ['status'])}"


def _open(play: _Play, step: Mapping[str, Any]) -> str:
    begin = time.monotonic()
    if play.connection.ends(step["open"]):
        return f"ends after {round(time.monotonic() - begin)} s"
    return f"open after {step['open']} s"


def _half(play: _Play, _step: Mapping[str, Any]) -> None:
    with contextlib.suppress(OSError):
        play.connection.socket.shutdown(1)


def _fresh(play: _Play, step: Mapping[str, Any]) -> str:
    try:
        other = Connection(play.target.port)
    except OSError:
        return "a new connection is refused"
    with contextlib.closing(other):
        other.send(compose(f"GET {step['fresh']}", ["Host: x"], None, ""))
        return f"a new connection: {tell(other.reply(), ['status'])}"


def _connect(play: _Play, _step: Mapping[str, Any]) -> None:
    play.connection.close()
    play.connection = Connection(play.target.port)


def _signal(play: _Play, step: Mapping[str, Any]) -> None:
    # Not os.kill: the number of a process that has ended may be another one's.
    _process(play).send_signal(getattr(signal, f"SIG{step['signal']}"))


def _exit(play: _Play, step: Mapping[str, Any]) -> str:
    try:
        code = _process(play).wait(step["exit"])
    except subprocess.TimeoutExpired:
        return f"runs after {step['exit']} s"
    return f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _process(play: _Play) -> subprocess.Popen[bytes]:
    if play.target.process is None:
        raise RuntimeError(f"{play.probe.name} needs `alone`: it ends the process")
    return play.target.process


STEPS: Mapping[str, Callable[[_Play, Mapping[str, Any]], str | None]] = {
    "request": _request,
    "send": _send,
    "ask": _ask,
    "read": _read,
    "wait": lambda _play, step: time.sleep(step["wait"]),
    "again": _again,
    "open": _open,
    "half": _half,
    "fresh": _fresh,
    "connect": _connect,
    "signal": _signal,
    "exit": _exit,
    "close": lambda play, _step: play.connection.close(),
}
