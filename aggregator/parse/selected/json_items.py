"""JSON that is no feed -> its entries, by JMESPath."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Any, Final

from aggregator.model import DocumentDigests, Failed, FeedMeta, FieldSelectors, ParsedFeed
from aggregator.parse import detect
from aggregator.parse.charsets.decode import decode
from aggregator.parse.digests import digest_value
from aggregator.parse.json.lists import tell_keys, tell_lists, tell_values
from aggregator.parse.limits import MAX_ENTRIES
from aggregator.parse.selected.found_fields import FoundText, SelectedNodes, make_feed, no_document, no_items
from aggregator.patterns.selectors import compile_jmespath
from aggregator.text.references import join_halves

VERSION: Final = "json-selected"
_DIGITS: Final = 300
"""Of numbers; Python refuses to read more than 4,300."""


def read_selected_json(
    body: bytes,
    *,
    select: FieldSelectors,
    content_type: str,
    location: str,
    known: DocumentDigests | None = None,
) -> ParsedFeed | Failed:
    """Read a JSON document by selectors.

    In: its bytes; where its entries and their fields are; the Content-Type field's value, a hint at the encoding;
    where it came from after redirects; digests of items that were read before and need not be read again.
    Out: an entry for each item; Failed, with what the document has instead, where the selectors find nothing. Does
    not raise, whatever the bytes are.
    """
    decoded = decode(body, content_type)
    text = join_halves(decoded.text).lstrip("\ufeff \t\r\n")
    try:
        document = json.loads(
            text,
            strict=False,
            parse_int=_read_whole_number,
            parse_float=_read_fraction,
            parse_constant=lambda _name: None,
        )
    except (ValueError, RecursionError):
        return _failure_for(body, text)
    found, trouble = _evaluate(select.item, document)
    items = [one for one in _as_list(found) if one is not None]
    if not items:
        reason = f" ({trouble})" if trouble else ""
        return no_items(
            f"JSON in which `select.item: {select.item[:80]}` finds nothing{reason}; {tell_lists(document)}"
        )
    finder = _ValueFinder(base=location or None)
    meta = FeedMeta(version=VERSION)
    return make_feed(_digest_items(items, select, location, known), finder, select, meta)


def _failure_for(body: bytes, text: str) -> Failed:
    failed = detect.failure_for_binary(body) or (None if text else detect.failure_for_empty())
    if failed is not None:
        return failed
    if text.startswith("<"):
        return no_document("JSON", "markup; for a page write `xpath:` or `page:`, for a feed `url:` in feeds.yaml")
    return Failed(
        trouble="malformed", message="The answer is broken JSON; tell the publisher, or check the address."
    )


def _read_whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS else digits


def _read_fraction(digits: str) -> float | str:
    number = float(digits)
    return number if number - number == 0 else digits  # beyond what a float can hold


def _evaluate(selector: str, value: Any) -> tuple[Any, str]:
    """What a selector finds, and why it could not look."""
    try:
        return compile_jmespath(selector).search(value), ""
    except (ValueError, TypeError, ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        return None, " ".join(str(error).split())[:120]  # functions are given what they do not take


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _digest_items(
    items: list[Any], select: FieldSelectors, location: str, known: DocumentDigests | None
) -> SelectedNodes:
    read = items[:MAX_ENTRIES]
    digests = DocumentDigests(
        context=digest_value((VERSION, astuple(select), location)), entries=tuple(map(digest_value, read))
    )
    were = frozenset(known.entries if known is not None and known.context == digests.context else ())
    same = tuple(place for place, one in enumerate(digests.entries) if one and one in were)
    return SelectedNodes(all=read, whole=len(items) == len(read), digests=digests, same=same)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ValueFinder:
    """Looks for fields in JSON values.

    Attributes:
        base: Where the document came from.
        language: Nothing in JSON says it.
    """

    base: str | None
    language: str | None = None

    def find(self, item: Any, name: str, selector: str) -> tuple[FoundText, ...]:
        """What the selector finds: texts, of objects their name, and numbers, of which none is an address."""
        found, _ = _evaluate(selector, item)
        kinds = (str,) if name in {"link", "image"} else (str, int, float)
        return tuple(FoundText(text=text) for one in _as_list(found) if (text := _text(one, kinds)))

    def describe(self, item: Any) -> str:
        """The keys of an object; of other values what they are."""
        if isinstance(item, dict):
            return tell_keys(item, 20)
        return tell_values([item])


def _text(value: Any, kinds: tuple[type, ...]) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, bool) or not isinstance(value, kinds):
        return ""
    return str(value).strip()
