"""Recordings of a browser: HAR 1.2 files, as Chrome, Firefox and others save them."""

import base64
import binascii
import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison.exchanges.exchange import broken

Headers = tuple[tuple[str, str], ...]
_SOCKET = 101
_BOUNDARY = re.compile(r'boundary="?([^";,]+)')


class RecordingError(Exception):
    """A recording cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Recorded:
    """One exchange; `body` is None where nothing was sent, not even an empty body."""

    method: str
    url: str
    headers: Headers
    body: bytes | None
    status: int
    reply_headers: Headers = ()
    reply_body: bytes = b""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the URL."""
        parts = urllib.parse.urlsplit(self.url)
        # What stands before an @ is a secret.
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()

    @property
    def path(self) -> str:
        """The path of the URL as it went over the wire."""
        return urllib.parse.urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query with its question mark, or nothing."""
        query = urllib.parse.urlsplit(self.url).query
        return f"?{query}" if query else ""

    def header(self, name: str) -> str:
        """The value of a request header, or nothing."""
        return value_of(self.headers, name)


@dataclass(frozen=True)
class Recording:
    """The exchanges of a file in order; `left_out` counts the others by reason."""

    name: str
    exchanges: tuple[Recorded, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_har(path: Path) -> Recording:
    """Read a file. Raises `RecordingError`."""
    try:
        # Some exporters begin with a byte order mark.
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read: {error.strerror}. --replay names a HAR file."
        ) from None
    except UnicodeDecodeError:
        raise RecordingError(
            f"{path} is no HAR file: it is not UTF-8. {_AGAIN}"
        ) from None
    except RecursionError:
        raise RecordingError(f"{path} is nested too deep for a HAR file.") from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        why = "is cut short" if cut and error.doc.strip() else "is not JSON"
        raise RecordingError(
            f"{path}:{error.lineno}: it {why}: {error.msg}. {_AGAIN}"
        ) from None
    entries = _member(_member(document, "log"), "entries")
    if not isinstance(entries, list):
        raise RecordingError(f"{path} is no HAR file: it has no log.entries. {_AGAIN}")
    return _recording(path, entries)


_AGAIN = "Save it again from the browser's network tools, as HAR."


def _recording(path: Path, entries: Sequence[Any]) -> Recording:
    left_out: Counter[str] = Counter()
    found = []
    # The sort is stable: without times the order of the file remains.
    for entry in sorted(entries, key=lambda one: str(_member(one, "startedDateTime"))):
        one = _recorded(entry)
        if isinstance(one, Recorded):
            found.append(one)
        else:
            left_out[one] += 1
    if not found:
        said = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise RecordingError(
            f"{path} holds no exchange that can be replayed ({said or 'it is empty'})."
            " Reload the page while the browser's network tools record, then save."
        )
    return Recording(path.stem, tuple(found), dict(left_out))


def _recorded(entry: Mapping[str, Any]) -> Recorded | str:
    """The exchange of an entry, or why it is none that can be asked again."""
    try:
        if reason := _unusable(entry):
            return reason
        found = _exchange(entry)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "damaged"
    # As it stands it would go out as two requests, the second of them anything.
    return (
        "damaged in method or headers" if broken(found.method, found.headers) else found
    )


def _unusable(entry: Mapping[str, Any]) -> str:
    """Why an entry is no exchange with a server, or nothing."""
    request, response = entry["request"], entry["response"]
    headers = {name.lower() for name, _ in _headers(request)}
    scheme = urllib.parse.urlsplit(request["url"]).scheme.lower()
    if scheme in {"ws", "wss"} or response["status"] == _SOCKET:
        return "web sockets"
    if scheme not in {"http", "https"}:
        return "not HTTP"
    asked = (
        request["method"] == "OPTIONS" and "access-control-request-method" in headers
    )
    if asked or entry.get("_resourceType") == "preflight":
        return "preflights of the browser"
    if not response["status"]:
        return "blocked or aborted"
    return ""


def _exchange(entry: Mapping[str, Any]) -> Recorded:
    request, response = entry["request"], entry["response"]
    headers = _headers(request)
    body, content_type = _sent(request, headers)
    if content_type:
        others = tuple(pair for pair in headers if pair[0].lower() != "content-type")
        headers = (*others, ("Content-Type", content_type))
    return Recorded(
        method=str(request["method"]),
        url=str(request["url"]).partition("#")[0],
        headers=headers,
        body=body,
        status=int(response["status"]),
        reply_headers=_headers(response),
        reply_body=_received(response.get("content") or {}),
    )


def _headers(message: Mapping[str, Any]) -> Headers:
    """Names and values, without HTTP/2's `:method` and its like."""
    return tuple(
        (str(one["name"]), str(one["value"]))
        for one in message.get("headers") or ()
        if not str(one["name"]).startswith(":")
    )


def _sent(request: Mapping[str, Any], headers: Headers) -> tuple[bytes | None, str]:
    """The body of a request, and the Content-Type if it is not the recorded one."""
    posted = request.get("postData")
    if not posted:
        empty = value_of(headers, "content-length") == "0"
        return (b"" if empty else None), ""
    kind = value_of(headers, "content-type") or str(posted.get("mimeType", ""))
    changed = "" if value_of(headers, "content-type") else kind
    text, params = posted.get("text") or "", posted.get("params") or ()
    if text or not params:
        coded = posted.get("encoding", posted.get("_encoding")) == "base64"
        return (_decoded(text) if coded else _encoded(text)), changed
    if "multipart" in kind:
        boundary = _BOUNDARY.search(kind)
        mark = boundary[1] if boundary else "part-of-a-recording"
        changed = changed if boundary else f"multipart/form-data; boundary={mark}"
        return _multipart(params, mark), changed
    pairs = [(str(one["name"]), str(one.get("value", ""))) for one in params]
    return urllib.parse.urlencode(pairs).encode(), changed


def _multipart(params: Sequence[Mapping[str, Any]], mark: str) -> bytes:
    return b"".join(_parts(params, mark)) + f"--{mark}--\r\n".encode()


def _parts(params: Sequence[Mapping[str, Any]], mark: str) -> Iterator[bytes]:
    for one in params:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{one["name"]}"'
        if one.get("fileName"):
            head += f'; filename="{one["fileName"]}"'
        if one.get("contentType"):
            head += f"\r\nContent-Type: {one['contentType']}"
        yield f"{head}\r\n\r\n{one.get('value', '')}\r\n".encode()


def _received(content: Mapping[str, Any]) -> bytes:
    text = content.get("text") or ""
    return _decoded(text) if content.get("encoding") == "base64" else _encoded(text)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        # Named so, but written as it is.
        return _encoded(text)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def value_of(headers: Headers, name: str) -> str:
    """The first value of a header (its name in small letters), or nothing."""
    return next((value for key, value in headers if key.lower() == name), "")
