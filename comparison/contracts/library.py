"""The files that a contract is written in, read from disk or from one host."""

import ipaddress
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any

from comparison.contracts.document import ContractError, Document, parse

SCHEMES = ("http", "https")
TIME_LIMIT = 15.0
SIZE_LIMIT = 32 * 1024 * 1024
FILES_LIMIT = 1000
CHUNK = 65536


def is_url(address: str) -> bool:
    """Whether `address` is one of http or https; all others are paths of files."""
    return urllib.parse.urlsplit(address).scheme.lower() in SCHEMES


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by its name or address."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass
class Library:
    """Reads each file once. `start` is what the user named, by the option `flag`.

    A contract on disk leads to files only, one of a host to that host only: nobody
    else is ever contacted, and no other machine may have our files read.
    """

    start: str
    documents: dict[str, Document] = field(default_factory=dict)
    flag: str = "--contract"

    def read(self, address: str) -> Document:
        """The document at `address`. Raises `ContractError`."""
        key = address if is_url(address) else str(Path(address).resolve())
        if key not in self.documents:
            if len(self.documents) >= FILES_LIMIT:
                raise ContractError(
                    f"{self.start}: the contract leads to over {FILES_LIMIT} files."
                    " Bundle it into one, then run again."
                )
            read = _fetched if is_url(address) else _loaded
            content = read(address, self.flag)
            self.documents[key] = parse(address, content)
        return self.documents[key]

    def __iter__(self) -> Iterator[Document]:
        """All documents, in the order of reading."""
        return iter(self.documents.values())

    def refusal(self, address: str) -> str | None:
        """Why `address` is not to be read, or None."""
        if not is_url(self.start):
            if is_url(address):
                return "leads from a file to a host, and nobody named that host"
            return None
        if not is_url(address):
            return "leads from a host to a file of this machine"
        if _host(address) != _host(self.start):
            return f"leads to another host than {_host(self.start)}"
        return None


def joined(address: str, reference: str) -> str:
    """The address that `reference` means within the document at `address`."""
    if is_url(reference):
        return reference
    if is_url(address):
        return urllib.parse.urljoin(address, reference)
    path = urllib.parse.unquote(reference.removeprefix("file://"))
    return os.path.normpath(Path(address).parent / path)


def _host(address: str) -> str:
    return urllib.parse.urlsplit(address).hostname or ""


def _loaded(address: str, flag: str) -> bytes:
    try:
        return Path(address).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ContractError(
            f"{address} cannot be read: {reason}. {flag} names a file or a URL."
        ) from None


def _fetched(address: str, flag: str) -> bytes:
    proxies: dict[str, str] | None = {} if is_loopback(_host(address)) else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), _SameHost()
    )
    accept = "application/yaml, application/json;q=0.9, */*;q=0.5"
    deadline = time.monotonic() + TIME_LIMIT
    try:
        request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - is_url says http or https
        with opener.open(request, timeout=TIME_LIMIT) as response:
            return _content(response, deadline)
    except urllib.error.HTTPError as error:
        reason = f"the server answers {error.code}"
    except urllib.error.URLError as error:
        reason = str(getattr(error.reason, "strerror", None) or error.reason)
    except (OSError, HTTPException, ValueError) as error:
        reason = str(error) or type(error).__name__
    raise ContractError(
        f"{address} cannot be read: {reason}. Save it as a file, and name that by"
        f" {flag}."
    )


def _content(response: Any, deadline: float) -> bytes:
    content = bytearray()
    while chunk := response.read1(CHUNK):
        content += chunk
        if len(content) > SIZE_LIMIT:
            raise ValueError(f"it is larger than {SIZE_LIMIT >> 20} MiB")
        if time.monotonic() > deadline:
            raise ValueError(f"it takes longer than {TIME_LIMIT:g} s")
    if response.length:
        raise ValueError("the connection was closed too early")
    return bytes(content)


class _SameHost(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if _host(newurl) != _host(req.full_url) or not is_url(newurl):
            # What a server says is not to be repeated unshortened.
            raise ValueError(f"it redirects to another host, {_host(newurl)[:80]}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
