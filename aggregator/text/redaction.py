"""Values that must not be told, taken out of whatever was made from somebody's answer."""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar, cast
from urllib.parse import quote, quote_plus, unquote

from aggregator.text.visible import strip_tags

MASK = "***"
"""What stands in the place of a secret."""

SHORTEST = 8
"""Characters of the shortest secret that is looked for: shorter ones stand in ordinary words."""

_ATTRIBUTE = re.compile(r'\s[a-z-]+="[^"]*\*\*\*[^"]*"')
"""An attribute that held a secret, as the sanitizer writes it: an address with a mask in it leads nowhere."""

_ESCAPE = re.compile(r"%[0-9A-F]{2}")

T = TypeVar("T")


class Redactor:
    """Knows secrets by value, in every way in which a server may repeat them.

    Args:
        secrets: The values as they were sent; those below `SHORTEST` characters are not looked for.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secret for secret in secrets if len(secret) >= SHORTEST)
        forms = {form for secret in self._secrets for form in _forms(secret)}
        self._forms = sorted(forms, key=lambda form: (-len(form), form))  # of two, the longer is found first
        self._pattern = re.compile("|".join(map(re.escape, self._forms))) if forms else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def holds(self, text: str) -> bool:
        """Whether a secret stands in the text."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def text(self, text: str) -> str:
        """The text, or markup as the sanitizer writes it, with the mask in the place of each secret."""
        if self._pattern is None:
            return text
        masked = self._pattern.sub(MASK, text)
        if "<" not in masked:
            return masked
        if masked != text:
            masked = _ATTRIBUTE.sub("", masked)
        seen = strip_tags(masked)
        # Tags within a secret hide it from the pattern, not from whoever reads the page.
        return html.escape(self._pattern.sub(MASK, seen), quote=False) if self.holds(seen) else masked

    def of(self, sent: Iterable[str]) -> Redactor:
        """One that knows only those of the secrets that stand in what was sent."""
        texts = tuple(sent)
        return Redactor(secret for secret in self._secrets if any(secret in text for text in texts))

    def spellings(self, text: str) -> Iterator[str]:
        """What the text may have been before it was redacted: each form of a secret in the place of the mask."""
        if MASK in text:
            yield from (text.replace(MASK, form) for form in self._forms)

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
    """The secret as it is, in URLs, markup, JSON and headers."""
    plain = (secret, unquote(secret))
    for text in plain:
        yield text
        yield html.escape(text)
        yield json.dumps(text)[1:-1]
        yield base64.b64encode(text.encode()).decode().rstrip("=")
        for escaped in (quote(text, safe=""), quote(text), quote_plus(text), quote(text, safe="/:@!$&'()*+,;=~")):
            yield escaped
            yield _ESCAPE.sub(lambda match: match[0].lower(), escaped)
