"""JSON Web Tokens in replies: what can be compared of them."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*")
# These are the moment's; `lasts` says what matters of them.
_OF_THE_MOMENT = frozenset({"iat", "exp", "nbf", "jti"})


def shown_token(value: str, renamed: Callable[[Any], Any]) -> str | None:
    """Algorithm, claims and lifetime of a token; None where it is none.

    `renamed` gives minted values in the claims their names.
    """
    if not TOKEN.fullmatch(value):
        return None
    try:
        header, claims = (_part(part) for part in value.split(".")[:2])
        lasts = f" lasts {claims['exp'] - claims['iat']} s"
    except KeyError:
        lasts = ""
    except (ValueError, TypeError, RecursionError):
        return None
    said = {k: "" if k in _OF_THE_MOMENT else v for k, v in claims.items()}
    text = json.dumps(renamed(said), sort_keys=True, ensure_ascii=False)
    return f"<token {header.get('alg')} with {text}{lasts}>"


def _part(text: str) -> dict[str, Any]:
    part = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(part, dict):
        raise TypeError
    return part
