"""Slugs: a title's name in addresses."""

import re
import secrets
import string
import unicodedata

from starlette.convertors import StringConvertor, register_url_convertor

from database import Queries

LONGEST_BASE = 240
# The path of the feed, which an article must not hide behind.
RESERVED = "feed"


class SlugConvertor(StringConvertor):
    """What `{slug:slug}` matches in a route: a segment other than the feed's.

    Differs: Express's routes cannot narrow a parameter; its lists.js ends the search.
    """

    regex = f"(?!{RESERVED}$)[^/]+"


register_url_convertor("slug", SlugConvertor())


def slug_base(title: str) -> str:
    """Return the slug that a title has by itself: letters, digits, single hyphens."""
    decomposed = unicodedata.normalize("NFD", title)
    plain = re.sub(r"[\u0300-\u036f]", "", decomposed)
    lowered = re.sub(r"[A-Z]", lambda letter: letter[0].lower(), plain)
    words = re.findall(r"[a-z0-9]+", lowered)
    return "-".join(words)[:LONGEST_BASE].rstrip("-") or "article"


def suffixed(base: str) -> str:
    letters = string.ascii_lowercase + string.digits
    return f"{base}-{''.join(secrets.choice(letters) for _ in range(8))}"


async def free_slug(queries: Queries, title: str, article_id: int) -> str:
    """Return a slug for this title that no other article has at this moment.

    On PostgreSQL another process may take it before we commit. Then our write is a
    UniqueViolation, and the caller tries again.
    """
    base = slug_base(title)
    slug = suffixed(base) if base == RESERVED else base
    while not (await queries.slug_is_free(slug=slug, id=article_id))["free"]:
        slug = suffixed(base)
    return slug
