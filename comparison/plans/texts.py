"""The texts in plans that the client chose, and no stack made up."""

import json
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comparison.plans.plan import Step


def sent_texts(steps: Iterable[Step]) -> Iterator[str]:
    """Every text that the client chose: what stands in the steps themselves."""
    for step in steps:
        for part in re.split(r"[/?&=]", urllib.parse.unquote_plus(step.target)):
            # A number in a path may be an id that the stack minted all the same.
            if not part.isdigit():
                yield part
        yield from texts_of(list(step.json))
        if step.text is not None:
            try:
                yield from texts_of(json.loads(step.text))
            except (ValueError, RecursionError):
                yield step.text


def texts_of(value: Any) -> Iterator[str]:
    """Every text and number within a JSON value, names included."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif value is not None:
        yield str(value)
