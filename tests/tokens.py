"""JSON Web Tokens made by hand, so that they can be wrong in any way."""

import base64
import hashlib
import hmac
import json

from tests.conduit import Document


def parts(token: str) -> list[str]:
    return token.split(".")


def encode(part: Document) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(token: str) -> Document:
    payload = parts(token)[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def sign(claims: Document, secret: str, algorithm: str = "HS256") -> str:
    head = encode({"alg": algorithm, "typ": "JWT"})
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    signed = f"{head}.{encode(claims)}"
    return f"{signed}.{encode(hmac.digest(secret.encode(), signed.encode(), digest))}"
