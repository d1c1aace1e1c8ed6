"""Secrets that are known as such, found in texts in every form of theirs."""

import base64
import json
import re
import sys
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

HIDDEN = "***"
# What is shorter is hidden only where its place tells: the password "1" must not take
# every digit from a report.
SHORTEST = 4
# Within a longer word it may begin anywhere, and is looked for only so far: else each
# beginning in a megabyte of them would be followed to the end.
JWT = re.compile(
    r"(?:(?<![\w-])eyJ[\w-]{4,}|(?<=-)eyJ[\w-]{4,400})\.[\w-]+(?:\.[\w-]*){1,3}"
)
PLACEHOLDER = re.compile(r"\$\{[^{}\n]*\}")
# The password "password" is none within `/password-resets`.
_WORD = re.compile("[A-Za-z]+")
# Where a text was cut, or a part of it has got a name (`<random#1>`), and how much of a
# secret must be left there to be known again.
_CUT = re.compile(r" ?… ?|<[\w ]+#\d+>")
_LEFT = 6


class KnownSecrets:
    """What is hidden wherever it stands; more may be learnt at any time."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._forms: set[str] = set()
        self._shortest = sys.maxsize
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Know these too. What is a JSON Web Token is known by its looks."""
        for secret in {*secrets} - self._secrets:
            if len(secret) >= SHORTEST and not JWT.fullmatch(secret):
                forms = {*_forms(secret)}
                self._forms |= forms
                self._secrets.add(secret)
                self._shortest = min(self._shortest, *map(len, forms))

    def hidden(self, text: str) -> str:
        """A text without them; placeholders stay."""
        # Of thousands few are in a text, and this is quick.
        forms = sorted(self._within(self._forms, text), key=_longest_first)
        words = tuple(one in self._secrets and _is_word(one) for one in forms)
        text = _pattern(tuple(forms), words).sub(_hide, text)
        return self._uncut(text) if _CUT.search(text) else text

    def hidden_value(self, text: str) -> str:
        """A value that a plan sends: hidden as a whole, or as words that are no others.

        A word that many have is hidden as the whole value alone: a plan that is asked
        again must not ask for something else.
        """
        if text in self._secrets:
            return HIDDEN
        # Most values are short, and there may be thousands of tokens.
        odd = [one for one in self._within(self._secrets, text) if not _is_word(one)]
        odd.sort(key=_longest_first)
        return _pattern(tuple(odd), (True,) * len(odd)).sub(_hide, text)

    def _within(self, texts: Iterable[str], whole: str) -> list[str]:
        if len(whole) < self._shortest:
            return []
        return [one for one in texts if one in whole]

    def hidden_segment(self, text: str) -> str:
        """A part of a path, which a word that many have must not damage."""
        return HIDDEN if text in self._secrets and not _is_word(text) else text

    def _uncut(self, text: str) -> str:
        """The text without what is left of secrets where something was left out."""
        done, end = "", 0
        for cut in _CUT.finditer(text):
            before = text[end : cut.start()]
            if end:
                before = _without_start(before, self._secrets)
            done += _without_end(before, self._secrets) + cut[0]
            end = cut.end()
        return done + _without_start(text[end:], self._secrets)


def _without_end(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        for size in range(len(secret) - 1, _LEFT - 1, -1):
            if text.endswith(secret[:size]):
                return text[:-size] + HIDDEN
    return text


def _without_start(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        for size in range(len(secret) - 1, _LEFT - 1, -1):
            if text.startswith(secret[-size:]):
                return HIDDEN + text[size:]
    return text


def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None


def _longest_first(form: str) -> tuple[int, str]:
    # A secret may be part of another.
    return -len(form), form


@lru_cache(maxsize=256)
def _pattern(forms: Sequence[str], words: Sequence[bool]) -> re.Pattern[str]:
    """These forms, some of them as whole words alone, and what looks like a token."""
    found = [
        rf"(?<![\w-]){re.escape(form)}(?![\w-])" if word else re.escape(form)
        for form, word in zip(forms, words, strict=True)
    ]
    return re.compile(
        f"(?P<secret>{'|'.join([*found, JWT.pattern])})|{PLACEHOLDER.pattern}"
    )


def _hide(at: re.Match[str]) -> str:
    return HIDDEN if at["secret"] else at[0]


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written: as it is, in a URL, in JSON, in base64."""
    yield secret
    for quoted in (
        urllib.parse.quote(secret, safe="", errors="surrogatepass"),
        urllib.parse.quote_plus(secret, errors="surrogatepass"),
    ):
        yield quoted
        yield re.sub(r"%..", lambda at: at[0].lower(), quoted)
    for ascii_only in (True, False):
        yield json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
    yield from _coded(secret.encode("utf-8", "surrogatepass"))


def _coded(secret: bytes) -> Iterator[str]:
    """What base64 of a text holds that has the secret anywhere in it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret).decode().rstrip("=")
        # Characters at both ends also depend on what stands beside the secret.
        end = -1 if (before + len(secret)) % 3 else None
        inner = coded[-(-before * 8 // 6) : end]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")
