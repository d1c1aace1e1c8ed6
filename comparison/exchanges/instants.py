"""Times in replies: when they are, how they are written, which the server chose."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?"
)
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_DAY = timedelta(days=1)
# What is due in so many whole hours is written some seconds after the request.
_HOUR = 3600
_LATE = 15


def instant(text: str) -> datetime | None:
    """The moment that a text in the form of `TIME` names; without zone that of UTC."""
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None  # A day that does not exist, or a leap second.
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_minted(text: str, now: float) -> bool:
    """Whether a server seems to have read its clock for this time.

    Then it lies within a day of `now` (seconds since 1970), or whole hours away from
    it: what is due in thirty days. Any other time was chosen by somebody.
    """
    found = instant(text)
    if found is None:
        return False
    away = found - datetime.fromtimestamp(now, UTC)
    if abs(away) < _DAY:
        return True
    rest = away.total_seconds() % _HOUR
    return min(rest, _HOUR - rest) < _LATE


def is_http_date(text: str, now: float) -> bool:
    """Whether a header holds a date of its own time, such as Last-Modified."""
    if not _HTTP_DATE.fullmatch(text):
        return False
    away = parsedate_to_datetime(text) - datetime.fromtimestamp(now, UTC)
    return abs(away) < _DAY


def form(text: str) -> str:
    """How a time is written."""
    return re.sub(r"\d", "0", text)


def relation(text: str, other: str) -> str:
    """as, after or earlier than: of two times that are written alike."""
    if text == other:
        return "as"
    return "after" if text > other else "earlier than"
