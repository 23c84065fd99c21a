"""Values that must not be told, taken out of whatever was made from somebody's answer."""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TypeVar, cast
from urllib.parse import quote, quote_plus, unquote

from aggregator.text.visible import strip_tags

MASK = "***"
"""What stands in the place of a secret."""

SHORTEST = 8
"""Characters of the shortest secret that is looked for: shorter ones stand in ordinary words."""

_ATTRIBUTE = re.compile(r'\s[a-z-]+="[^"]*\*\*\*[^"]*"')
"""An attribute that held a secret, as the sanitizer writes it: an address with a mask in it leads nowhere."""

_ESCAPED = re.compile(r"%[0-9A-F]{2}")

_ESCAPE = re.compile(
    r"%(?:25)*([0-9a-f]{2})|\\u([0-9a-f]{4})|\\([/\"'\\])|&(?:amp;)*(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot));"
    "|[\u00ad\u200b-\u200f\u2060\ufeff]",
    re.IGNORECASE,
)
"""One character as URLs, JSON and markup write it, also more than once over; or one that nobody sees."""

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"'}

_GRAM = 4
_STEP = SHORTEST - _GRAM + 1
"""Of the pieces of `_GRAM` characters that begin every `_STEP`, one is whole in each `SHORTEST` characters."""

_Span = tuple[int, int]

T = TypeVar("T")


class Redactor:
    """Knows secrets by value, in every way in which a server may repeat them.

    Args:
        secrets: The values as they were sent; those below `SHORTEST` characters are not looked for.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secret for secret in secrets if len(secret) >= SHORTEST)
        self._forms = sorted({form for secret in self._secrets for form in _forms(secret)})
        self._grams: dict[str, list[tuple[int, str]]] = {}
        for form in sorted({_fold(form) for form in self._forms}):
            for offset in range(_STEP):
                self._grams.setdefault(form[offset : offset + _GRAM], []).append((offset, form))

    def __bool__(self) -> bool:
        return bool(self._grams)

    def holds(self, text: str) -> bool:
        """Whether a secret stands in the text."""
        return bool(self._find(text))

    def text(self, text: str) -> str:
        """The text, or markup as the sanitizer writes it, with the mask in the place of each secret."""
        if not self._grams:
            return text
        masked = self._mask(text)
        if "<" not in masked:
            return masked
        if masked != text:
            masked = _ATTRIBUTE.sub("", masked)
        seen = strip_tags(masked)
        # Tags within a secret hide it from us, not from whoever reads the page.
        return html.escape(self._mask(seen), quote=False) if self.holds(seen) else masked

    def _mask(self, text: str) -> str:
        spans = self._find(text)
        if not spans:
            return text
        begins = (0, *(end for _, end in spans))
        ends = (*(begin for begin, _ in spans), len(text))
        return MASK.join(text[begin:end] for begin, end in zip(begins, ends, strict=True))

    def _find(self, text: str) -> list[_Span]:
        """Where secrets stand, in order; those that overlap are one place."""
        found = self._search(text)
        if _ESCAPE.search(text):
            plain, places = _unescape(text)
            found += ((places[begin], places[end]) for begin, end in self._search(plain))
        spans: list[_Span] = []
        for begin, end in sorted(found):
            if spans and begin < spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((begin, end))
        return spans

    def _search(self, text: str) -> list[_Span]:
        """Where forms stand, whatever the case of letters. What that costs does not grow with their number."""
        folded, grams = _fold(text), self._grams
        likely = [at for at in range(0, len(folded) - _GRAM + 1, _STEP) if folded[at : at + _GRAM] in grams]
        return [
            (at - offset, at - offset + len(form))
            for at in likely
            for offset, form in grams[folded[at : at + _GRAM]]
            if at >= offset and folded.startswith(form, at - offset)
        ]

    def of(self, sent: Iterable[str]) -> Redactor:
        """One that knows only those of the secrets that stand in what was sent."""
        texts = tuple(sent)
        return Redactor(secret for secret in self._secrets if any(secret in text for text in texts))

    def spellings(self, text: str) -> Iterator[str]:
        """What the text may have been before it was redacted: each form of a secret in the place of the mask."""
        if MASK in text:
            forms = dict.fromkeys(chain.from_iterable((form, form.lower(), form.upper()) for form in self._forms))
            yield from (text.replace(MASK, form) for form in forms)

    def redact(self, value: T) -> T:
        """The value with every text in it redacted: of dataclasses, mappings, tuples, lists and sets.

        What holds no secret is returned as the same object. Bytes are left alone: nothing of an answer is kept as
        bytes.
        """
        return cast("T", self._redact(value)) if self else value

    def _redact(self, value: object) -> object:
        if isinstance(value, str):
            masked = self.text(value)
            return value if masked == value else masked
        if isinstance(value, tuple | list | set | frozenset):
            return self._collection(value)
        if isinstance(value, Mapping):
            found = {self._redact(key): self._redact(each) for key, each in value.items()}
            return value if found == value else found
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._record(value)
        return value

    def _collection(self, value: Collection[object]) -> object:
        found = [self._redact(each) for each in value]
        if all(one is other for one, other in zip(found, value, strict=True)):
            return value
        make = cast("Callable[..., object]", type(value))
        return make(*found) if hasattr(value, "_fields") else make(found)  # a named tuple takes them one by one

    def _record(self, value: object) -> object:
        changed = {}
        for field in dataclasses.fields(value):  # type: ignore[arg-type] # seen to be a dataclass
            before = getattr(value, field.name)
            after = self._redact(before)
            if after is not before and field.init:
                changed[field.name] = after
        return dataclasses.replace(value, **changed) if changed else value  # type: ignore[type-var]


@lru_cache(maxsize=16)
def redactor(secrets: frozenset[str]) -> Redactor:
    """The redactor for some secrets; made once for the same ones."""
    return Redactor(secrets)


def _forms(secret: str) -> Iterator[str]:
    """The secret as it is, in URLs, markup, JSON and headers; none so short that it stands in ordinary words."""
    return (
        form
        for text in {secret, unquote(secret), _unescape(secret)[0]}
        for form in _all_forms(text)
        if len(form) >= SHORTEST
    )


def _all_forms(text: str) -> Iterator[str]:
    yield text
    yield html.escape(text)
    yield json.dumps(text)[1:-1]
    for escaped in (quote(text, safe=""), quote(text), quote_plus(text), quote(text, safe="/:@!$&'()*+,;=~")):
        yield escaped
        yield _ESCAPED.sub(lambda match: match[0].lower(), escaped)
    data = text.encode("utf-8", "surrogatepass")
    yield data.hex()
    yield base64.b64encode(data).decode().rstrip("=")
    for before, skipped in enumerate((0, 2, 3)):  # in the middle of something longer, which may begin anywhere
        whole = (before + len(data)) * 4 // 3  # characters that depend on nothing behind
        for alphabet in (b"+/", b"-_"):
            yield base64.b64encode(bytes(before) + data, alphabet).decode()[skipped:whole]


def _fold(text: str) -> str:
    """The text in small letters, each in its place."""
    folded = text.lower()
    if len(folded) == len(text):
        return folded
    return "".join(letter if len(letter.lower()) != 1 else letter.lower() for letter in text)


def _unescape(text: str) -> tuple[str, list[int]]:
    """What the text says without escapes; and where each of its characters, and its end, stand in the text."""
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for escape in _ESCAPE.finditer(text):
        begin, end = escape.span()
        character = _character(escape)
        pieces += (text[done:begin], character)
        places += range(done, begin)
        places += [begin] * len(character)
        done = end
    pieces.append(text[done:])
    places += range(done, len(text) + 1)
    return "".join(pieces), places


def _character(escape: re.Match[str]) -> str:
    percent, four, itself, hexadecimal, decimal, name = escape.groups()
    if itself or name:
        return itself or _NAMED[name.lower()]
    for digits, base in ((percent, 16), (four, 16), (hexadecimal, 16), (decimal, 10)):
        if digits:
            number = int(digits, base)
            return chr(number) if number < sys.maxunicode else ""
    return ""
