"""Connections: how long a client may take, and what it hears if nothing can be parsed.

Differs: Node's server has these limits, and they are only set there. Uvicorn leaves
them to a reverse proxy; its protocol is taught them here, hence this file's length.
"""

import asyncio
import json
import math
import re
from typing import Any, Literal

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from settings import settings

# Beyond it the application never sees the head; P3's own limit is far below.
LARGEST_HEAD = 64 * 1024
MOST_HEADERS = 1000
LARGEST_EXTENSION = 16 * 1024
# What is parsed at once. The parser says nothing of an unfinished header, or of what
# stands between two chunks, so that these are measured by the pieces they fill.
PIECE = 1024
# A connection closed with something unread is reset, and the reply may be lost with
# it. So for this time, in seconds, what still comes is read and forgotten.
LINGER = 1.0

MALFORMED = (400, "request", "is malformed")
TOO_SLOW = (408, "request", "took too long")
TOO_LARGE = (431, "headers", "are too large")


class TooLarge(Exception):
    """The head, or what follows the last chunk, is larger than the server takes."""


class Connection(HttpToolsProtocol):
    """One connection: Uvicorn's own protocol, with limits."""

    reading: Literal["head", "body"] | None = None
    between_chunks = False
    size = 0
    # Bytes that the parser has taken without a word.
    unseen = 0
    # Replies and parts of replies that the client has taken.
    taken = 0
    begun = 0.0
    timer: asyncio.TimerHandle | None = None
    refusal: tuple[Any, ...] | None = None

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        # What has come and is not parsed yet.
        self.rest = bytearray()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.begun = self.loop.time()
        self.watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.stop_timers()
        self.rest.clear()

    def eof_received(self) -> None:
        if self.reading and not self.refusal:
            self.refuse(*MALFORMED)

    def data_received(self, data: bytes) -> None:
        if not self.refusal:
            self.rest += data
            self.parse_rest()
            if self.pipeline:
                # A request that asks for its body makes Uvicorn read on.
                self.flow.pause_reading()

    def parse_rest(self) -> None:
        """Parse what has come, but no further than to a request that must wait.

        Differs: Node parses all that has come, so that there must be an end to it.
        """
        self.stop_timers()
        while self.rest and not self.pipeline:
            piece = bytes(self.rest[:PIECE])
            del self.rest[:PIECE]
            self.parse(piece)
            if self.refusal or self.transport.is_closing():
                self.rest.clear()
                return
        self.watch()

    def parse(self, piece: bytes) -> None:
        self.unseen += len(piece)
        try:
            self.parser.feed_data(piece)
            self.measure()
        except httptools.HttpParserUpgrade as upgrade:
            self.ignore_upgrade(piece[upgrade.args[0] :])
        except (httptools.HttpParserError, TooLarge) as error:
            # The parser wraps what a callback raises.
            large = TooLarge in (type(error), type(error.__context__))
            self.refuse(*(TOO_LARGE if large else MALFORMED))

    def measure(self) -> None:
        """Raise if what the parser keeps to itself grows too large."""
        if self.between_chunks and self.unseen > LARGEST_EXTENSION:
            raise httptools.HttpParserError("the extension of a chunk is too large")
        if self.reading and self.size + self.unseen > LARGEST_HEAD + 2 * PIECE:
            raise TooLarge

    def ignore_upgrade(self, rest: bytes) -> None:
        """Read the request again as one that asks for no other protocol.

        Differs: Node can ignore such a wish. This parser takes all that follows for
        the other protocol, the request's body too.
        """
        if self.parser.get_method() == b"CONNECT":
            self.refuse(*MALFORMED)
            return
        method, version = self.parser.get_method(), self.parser.get_http_version()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version.encode())]
        lines += [b"%s: %s" % it for it in self.headers if it[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parse(b"\r\n".join([*lines, b"", rest]))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.reading = "head"
        self.size = self.unseen = 0
        self.begun = self.loop.time()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self.count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        # Uvicorn would take what follows the last chunk for headers.
        if self.reading == "head":
            super().on_header(name, value)
        self.count(len(name) + len(value))

    def count(self, size: int) -> None:
        self.unseen = 0
        self.size += size
        if self.size >= LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            raise TooLarge

    def on_headers_complete(self) -> None:
        self.size = self.unseen = 0
        if self.parser.should_upgrade():
            return
        given = [value for name, value in self.headers if name == b"expect"]
        expects = given and re.search(rb"\b100-continue\b", b",".join(given), re.I)
        self.expect_100_continue = False
        super().on_headers_complete()
        self.reading = "body"
        self.between_chunks = b"transfer-encoding" in dict(self.headers)
        if expects and self.parser.get_http_version() == "1.1" and not self.pipeline:
            self.transport.write(STATUS_LINE[100] + b"\r\n")

    def on_chunk_header(self) -> None:
        self.between_chunks = False
        self.size = self.unseen = 0

    def on_chunk_complete(self) -> None:
        self.between_chunks = True
        self.unseen = 0

    def on_body(self, body: bytes) -> None:
        self.unseen = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self.reading = None
        self.between_chunks = False
        super().on_message_complete()

    def watch(self) -> None:
        """Give the client as long as it may take for what it has begun."""
        if self.rest or self.transport.is_closing():
            return
        if self.reading or self.scope is None:
            body = self.reading == "body"
            limit = settings.request_timeout if body else settings.headers_timeout
            self.timer = self.loop.call_at(self.begun + limit, self.refuse, *TOO_SLOW)
        if self.cycle and self.cycle.response_complete:
            # Uvicorn forgets it where something comes that is no request.
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def stop_timers(self) -> None:
        self._unset_keepalive_if_required()
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self.await_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.taken += 1

    def await_reader(self, unread: float = math.inf, taken: int = 0) -> None:
        """Cut off who takes nothing of a reply any more."""
        now_unread = self.transport.get_write_buffer_size()
        if now_unread >= unread and taken == self.taken:
            self.transport.abort()
        elif now_unread:
            wait = (settings.request_timeout, self.await_reader)
            self.loop.call_later(*wait, now_unread, self.taken)

    def on_response_complete(self) -> None:
        self.taken += 1
        self.await_reader()
        super().on_response_complete()
        if self.refusal and self.cycle.response_complete:
            self.refuse(*self.refusal)
        elif self.rest:
            self.loop.call_soon(self.parse_rest)

    def refuse(self, *refusal: Any) -> None:
        """End the connection, with a reply after those owed, where none is begun."""
        self.stop_timers()
        if self.transport.is_closing():
            return
        self.refusal = refusal
        if self.reading == "body":
            if self.pipeline or self.cycle.response_started:
                self.transport.close()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        elif self.cycle and not self.cycle.response_complete:
            return
        status, key, message = refusal
        body = json.dumps({"errors": {key: [message]}}, separators=(",", ":")).encode()
        head = b"content-type: application/json\r\nconnection: close\r\n"
        length = b"content-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + length + body)
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGER, self.transport.close)
