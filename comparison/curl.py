"""A request as a curl line that sends the same bytes."""

import base64
import shlex

from comparison.exchange import Request

_OWN = frozenset({"host", "content-length", "accept"})


def curl(request: Request, host: str) -> str:
    """The line for a POSIX shell; `host` is host and port."""
    words = ["curl", "-i", "--path-as-is", "-g"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("GET" if request.body is None else "POST"):
        words += ["-X", request.method]
    sent = {name.lower() for name, _ in request.headers}
    for name, value in request.headers:
        if name.lower() not in _OWN or (name.lower() == "host" and value != host):
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
    words += ["-H", "Host:"] if "host" not in sent else []
    before: str = ""
    data: list[str] = []
    if request.body is not None:
        if "content-type" not in sent:
            words += ["-H", "Content-Type:"]
        before, data = _body(request.body)
    url = f"http://{host}{request.target}"
    return before + shlex.join([*words, *data, url])


def _body(body: bytes) -> tuple[str, list[str]]:
    """What stands before curl, and its arguments, for a body of any bytes."""
    text = body.decode("utf-8", "replace")
    if text.isprintable() and text.encode() == body and not text.startswith("@"):
        return "", ["--data-binary", text]
    coded = base64.b64encode(body).decode()
    return f"printf %s {coded} | base64 -d | ", ["--data-binary", "@-"]
